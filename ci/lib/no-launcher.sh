# shellcheck shell=bash
# For scripts of ci/ that start ranks: unsets all variables by which the launcher of this shell would tell a rank who it is.

unset RANK WORLD_SIZE LOCAL_RANK LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT JOB_COMPLETION_INDEX "${!SIGNVOTE_@}" \
    "${!TORCHELASTIC_@}" "${!OMPI_@}" "${!PMI_@}" "${!PMIX_@}" "${!MPI_LOCAL@}" "${!SLURM_@}" "${!MV2_@}" "${!FLUX_@}" "${!JSM_@}"
