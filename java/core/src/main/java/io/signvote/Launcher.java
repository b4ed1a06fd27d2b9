package io.signvote;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The launcher that started this process, and everything that its variables say: which rank this is of how many, which of how
 * many on this host, where the coordinator listens, and which job it is. All of it comes from one launcher, the innermost that
 * left its variables. A pure function of the environment. Immutable.
 *
 * @param name what messages call it.
 * @param rank our rank.
 * @param worldSize ranks of the job.
 * @param localRank our place among the ranks of this host.
 * @param localWorldSize ranks of this host.
 * @param masterAddress host of rank 0.
 * @param masterPort TCP port of the coordinator.
 * @param job name of the job, equal on all its ranks and on no other job, or empty.
 * @param crowd the variable that gives the most processes, or null if none gives more than one.
 * @param secretRemedy how a secret reaches all ranks.
 */
record Launcher(
        String name,
        Variable rank,
        Variable worldSize,
        Variable localRank,
        Variable localWorldSize,
        Variable masterAddress,
        Variable masterPort,
        String job,
        Crowd crowd,
        String secretRemedy) {
    /** Set by the command run, and by nothing else. */
    static final String RUN_MARK = "SIGNVOTE_LAUNCHER";

    private static final String BY_FILE = "a file of mode 0600";
    private static final String INDEX = "JOB_COMPLETION_INDEX";
    private static final List<String> RUN_SET = List.of("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE");
    private static final List<String> OPEN_MPI_SET = List.of(
            "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE");

    /** Sizes of what a launcher has started, also of launchers whose ranks we do not read. */
    private static final List<String> SIZES = List.of(
            "WORLD_SIZE",
            "LOCAL_WORLD_SIZE",
            "OMPI_COMM_WORLD_SIZE",
            "PMI_SIZE",
            "MV2_COMM_WORLD_SIZE",
            "FLUX_JOB_SIZE",
            "JSM_NAMESPACE_SIZE");

    /** A number of processes, and the variable that gives it. */
    record Crowd(String variable, long size) {
        @Override
        public String toString() {
            return variable + "=" + size;
        }
    }

    /**
     * The value of a variable, or the reason why it has none.
     *
     * @param name of the variable.
     * @param value it has, or that follows from it; null where it says nothing.
     * @param complaint why it should have a value, null where it need not.
     */
    record Variable(String name, String value, String complaint) {
        static final Variable NONE = new Variable("", null, null);
    }

    /**
     * Finds the launcher.
     *
     * @param variables of a process; an empty one counts as not set.
     * @return the innermost launcher; one that says nothing where there is none. What is wrong with its variables is in them.
     */
    static Launcher of(final Map<String, String> variables) {
        final Map<String, String> environment = new HashMap<>(variables);
        environment.values().removeIf(String::isBlank);
        final Reader reader = new Reader(environment);
        if (environment.containsKey(RUN_MARK)) {
            return reader.like("run", RUN_SET, true, "run makes a secret and hands it to its ranks");
        }
        if (environment.containsKey("TORCHELASTIC_RUN_ID")) {
            return reader.torchrun();
        }
        if (reader.hasAny(OPEN_MPI_SET)) {
            return reader.like(
                            "Open MPI",
                            OPEN_MPI_SET,
                            true,
                            "mpirun -x SIGNVOTE_SECRET_FILE=FILE, " + BY_FILE + " on a disk that all hosts share")
                    .job(environment.get("PMIX_NAMESPACE"));
        }
        if (reader.hasAny(List.of("PMI_RANK", "PMI_SIZE")) && !Slurm.hasSetPmi(environment)) {
            return reader.pmi();
        }
        if (Slurm.isStep(environment)) {
            return reader.slurm();
        }
        if (environment.containsKey("RANK") || !environment.containsKey(INDEX) && reader.hasAny(RUN_SET)) {
            return reader.like(
                            "RANK and WORLD_SIZE",
                            RUN_SET,
                            false,
                            "put the same file, mode 0600, on each host, and set SIGNVOTE_SECRET_FILE to it")
                    .job(kubernetesJob(environment));
        }
        return environment.containsKey(INDEX) ? reader.kubernetes() : reader.nobody();
    }

    /**
     * Kubernetes gives every container a variable NAME_PORT for each Service of its namespace, so that a Service may have the name
     * of one of ours.
     *
     * @param variable that was read.
     * @param value it has.
     * @return remedy to append, empty where the value is not Kubernetes'.
     */
    static String serviceRemedy(final String variable, final String value) {
        if (!variable.endsWith("_PORT") || !value.matches("(tcp|udp|sctp)://.*")) {
            return "";
        }
        final String service = variable.substring(0, variable.length() - "_PORT".length());
        return "; Kubernetes sets " + variable + " for a Service called "
                + service.toLowerCase(Locale.ROOT).replace('_', '-')
                + ": give the Service another name, or set enableServiceLinks: false in the pod template";
    }

    /** Whether no launcher left any variable. */
    boolean isNone() {
        return name.equals("none");
    }

    /** A way to hand the host of rank 0 to all ranks. */
    String addressExample() {
        return switch (name) {
            case "Open MPI" -> "mpirun -x MASTER_ADDR=HOST";
            case "PMI" -> "mpiexec.hydra -genv MASTER_ADDR HOST";
            case "Kubernetes" -> "MASTER_ADDR in the pod template";
            default -> "MASTER_ADDR=HOST";
        };
    }

    /** The same launcher with a name for its job. */
    private Launcher job(final String value) {
        return new Launcher(
                name,
                rank,
                worldSize,
                localRank,
                localWorldSize,
                masterAddress,
                masterPort,
                value == null ? "" : value,
                crowd,
                secretRemedy);
    }

    /** The pods of an Indexed Job have its name and their index as host name. */
    private static String kubernetesJob(final Map<String, String> environment) {
        final String host = environment.getOrDefault("HOSTNAME", "");
        final String end = "-" + environment.get(INDEX);
        return host.endsWith(end) ? host.substring(0, host.length() - end.length()) : "";
    }

    /** Reads the sets of variables. */
    private record Reader(Map<String, String> environment) {
        boolean hasAny(final List<String> names) {
            return names.stream().anyMatch(environment::containsKey);
        }

        /** A launcher with a variable for each of the four numbers, in the order of {@link #RUN_SET}. */
        Launcher like(final String name, final List<String> set, final boolean needsLocal, final String secretRemedy) {
            return new Launcher(
                    name,
                    required(set.get(0), name, set),
                    required(set.get(1), name, set),
                    needsLocal ? required(set.get(2), name, set) : optional(set.get(2)),
                    needsLocal ? required(set.get(3), name, set) : optional(set.get(3)),
                    optional("MASTER_ADDR"),
                    optional("MASTER_PORT"),
                    "",
                    largest(set.get(1)),
                    secretRemedy);
        }

        /** Its agent may listen on MASTER_PORT, and its program may too. */
        Launcher torchrun() {
            final List<String> all = List.of(
                    "TORCHELASTIC_RUN_ID",
                    "RANK",
                    "WORLD_SIZE",
                    "LOCAL_RANK",
                    "LOCAL_WORLD_SIZE",
                    "MASTER_ADDR",
                    "MASTER_PORT");
            final Variable port = required("MASTER_PORT", "torchrun", all);
            final long number = Slurm.number(port.value());
            return new Launcher(
                    "torchrun",
                    required("RANK", "torchrun", all),
                    required("WORLD_SIZE", "torchrun", all),
                    required("LOCAL_RANK", "torchrun", all),
                    required("LOCAL_WORLD_SIZE", "torchrun", all),
                    required("MASTER_ADDR", "torchrun", all),
                    number < 1 || number > 65535
                            ? port
                            : new Variable("MASTER_PORT", Long.toString(number == 65535 ? 65534 : number + 1), null),
                    environment.get("TORCHELASTIC_RUN_ID"),
                    largest("WORLD_SIZE"),
                    "export SIGNVOTE_SECRET_FILE=FILE before torchrun on every host, " + BY_FILE
                            + " on a disk that all hosts share");
        }

        /** Hydra says who is on this host by names of its own, PALS by others. */
        Launcher pmi() {
            final boolean isPals = hasAny(List.of("PMI_LOCAL_RANK", "PMI_LOCAL_SIZE"));
            final List<String> local = isPals
                    ? List.of("PMI_LOCAL_RANK", "PMI_LOCAL_SIZE")
                    : List.of("MPI_LOCALRANKID", "MPI_LOCALNRANKS");
            return like(
                    "PMI",
                    List.of("PMI_RANK", "PMI_SIZE", local.get(0), local.get(1)),
                    hasAny(local),
                    "mpiexec.hydra -genv SIGNVOTE_SECRET_FILE FILE, " + BY_FILE + " on a disk that all hosts share");
        }

        Launcher slurm() {
            final List<String> all = List.of("SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_LOCALID");
            return new Launcher(
                    "Slurm",
                    required("SLURM_PROCID", "srun", all),
                    required("SLURM_STEP_NUM_TASKS", "srun", all),
                    required("SLURM_LOCALID", "srun", all),
                    Slurm.localWorldSize(environment),
                    environment.containsKey("MASTER_ADDR") ? optional("MASTER_ADDR") : Slurm.firstHost(environment),
                    environment.containsKey("MASTER_PORT") ? optional("MASTER_PORT") : Slurm.port(environment),
                    Slurm.job(environment),
                    largest("SLURM_STEP_NUM_TASKS"),
                    "export SIGNVOTE_SECRET_FILE=FILE before srun, " + BY_FILE + " on a disk that all hosts share");
        }

        /** Every index is a pod of its own. */
        Launcher kubernetes() {
            return new Launcher(
                    "Kubernetes",
                    optional(INDEX),
                    environment.containsKey("WORLD_SIZE")
                            ? optional("WORLD_SIZE")
                            : new Variable(
                                    "WORLD_SIZE",
                                    null,
                                    INDEX
                                            + " is set and WORLD_SIZE is not: Kubernetes gives a pod no number of pods, set"
                                            + " WORLD_SIZE to the completions of the Job in the pod template"),
                    new Variable(INDEX, "0", null),
                    new Variable(INDEX, "1", null),
                    optional("MASTER_ADDR"),
                    optional("MASTER_PORT"),
                    kubernetesJob(environment),
                    largest("WORLD_SIZE"),
                    "mount a Secret as a volume in the pod template, and set SIGNVOTE_SECRET_FILE to its file there");
        }

        /** Without a step, the tasks of an allocation count only here: a launcher may use fewer of them. */
        Launcher nobody() {
            final Crowd crowd = largest("WORLD_SIZE");
            final Crowd tasks = crowd("SLURM_NTASKS");
            return new Launcher(
                    "none",
                    Variable.NONE,
                    environment.containsKey("PMIX_RANK")
                            ? new Variable(
                                    "PMIX_RANK",
                                    null,
                                    "PMIX_RANK=" + environment.get("PMIX_RANK")
                                            + " is set, and no variable gives the number of ranks: set SIGNVOTE_RANK to it")
                            : Variable.NONE,
                    Variable.NONE,
                    Variable.NONE,
                    optional("MASTER_ADDR"),
                    optional("MASTER_PORT"),
                    "",
                    crowd == null ? tasks : crowd,
                    "put the same file, mode 0600, on each host, and set SIGNVOTE_SECRET_FILE to it");
        }

        /** The largest; of equal ones the first. A launcher may start fewer ranks inside a step than the step has tasks. */
        private Crowd largest(final String worldSize) {
            final boolean isInside = Slurm.number(environment.get(worldSize)) > 1;
            Crowd largest = !isInside && Slurm.isStep(environment) ? crowd("SLURM_STEP_NUM_TASKS") : null;
            for (final String size : SIZES) {
                final Crowd crowd = crowd(size);
                if (crowd != null && (largest == null || crowd.size() > largest.size())) {
                    largest = crowd;
                }
            }
            return largest;
        }

        private Crowd crowd(final String variable) {
            final long size = Slurm.number(environment.get(variable));
            return size > 1 ? new Crowd(variable, size) : null;
        }

        private Variable optional(final String name) {
            return new Variable(name, environment.get(name), null);
        }

        private Variable required(final String name, final String launcher, final List<String> set) {
            if (environment.containsKey(name)) {
                return optional(name);
            }
            final String witness =
                    set.stream().filter(environment::containsKey).findFirst().orElse(RUN_MARK);
            return new Variable(
                    name,
                    null,
                    witness + " is set and " + name + " is not: "
                            + (launcher.startsWith("RANK") ? "set both" : launcher + " sets both, pass both on"));
        }
    }
}
