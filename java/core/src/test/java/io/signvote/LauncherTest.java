package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each launcher's variables mean, alone and one inside another. */
class LauncherTest {
    private static final String OPEN_MPI =
            "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2"
                    + " PMIX_RANK=1 PMIX_NAMESPACE=1560543233";
    private static final String HYDRA = "PMI_RANK=2 PMI_SIZE=3 PMI_FD=8 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=1";
    private static final String TORCHRUN =
            "TORCHELASTIC_RUN_ID=none RANK=5 WORLD_SIZE=8 LOCAL_RANK=1 LOCAL_WORLD_SIZE=4"
                    + " GROUP_RANK=1 ROLE_RANK=5 MASTER_ADDR=node1.example MASTER_PORT=29400";
    private static final String SBATCH =
            "SLURM_JOB_ID=4711 SLURM_NTASKS=6 SLURM_NPROCS=6 SLURM_PROCID=0 SLURM_LOCALID=0"
                    + " SLURM_NODEID=0 SLURM_JOB_NODELIST=n[1-3] SLURM_TASKS_PER_NODE=2(x3)";
    private static final String SRUN =
            "SLURM_JOB_ID=4711 SLURM_STEP_ID=2 SLURM_NTASKS=7 SLURM_STEP_NUM_TASKS=7 SLURM_PROCID=6"
                    + " SLURM_LOCALID=0 SLURM_NODEID=3 SLURM_STEP_NODELIST=n[004-006],login SLURM_STEP_TASKS_PER_NODE=2(x3),1";
    private static final String RUN =
            "SIGNVOTE_LAUNCHER=run SIGNVOTE_JOB=0123456789abcdef RANK=3 WORLD_SIZE=5 LOCAL_RANK=3"
                    + " LOCAL_WORLD_SIZE=5 MASTER_ADDR=127.0.0.1 MASTER_PORT=40001 SIGNVOTE_MASTER_PORT=40000";
    private static final String PLAIN = "RANK=1 WORLD_SIZE=2 MASTER_ADDR=host MASTER_PORT=1234";
    private static final String KUBERNETES =
            "JOB_COMPLETION_INDEX=3 WORLD_SIZE=4 HOSTNAME=train-3 MASTER_ADDR=train-0.train";

    private static Map<String, String> variables(final String... sets) {
        final Map<String, String> variables = new HashMap<>();
        for (final String pair : String.join(" ", sets).trim().split("\\s+")) {
            if (!pair.isEmpty()) {
                variables.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
            }
        }
        return variables;
    }

    private static void assertPlace(final String expected, final String... sets) {
        final Launcher launcher = Launcher.of(variables(sets));
        assertEquals(
                expected,
                launcher.name() + ": " + launcher.rank().value() + "/"
                        + launcher.worldSize().value() + " "
                        + launcher.localRank().value() + "/"
                        + launcher.localWorldSize().value() + " "
                        + launcher.masterAddress().value() + ":"
                        + launcher.masterPort().value() + " job=" + launcher.job());
    }

    @Test
    void shouldReadEachLauncher() {
        assertPlace("run: 3/5 3/5 127.0.0.1:40001 job=", RUN);
        assertPlace("torchrun: 5/8 1/4 node1.example:29401 job=none", TORCHRUN);
        assertPlace("Open MPI: 1/4 1/2 null:null job=1560543233", OPEN_MPI);
        assertPlace("PMI: 2/3 0/1 null:null job=", HYDRA);
        assertPlace("Slurm: 6/7 0/1 n004:26043 job=4711.2", SRUN);
        assertPlace("RANK and WORLD_SIZE: 1/2 null/null host:1234 job=", PLAIN);
        assertPlace("Kubernetes: 3/4 0/1 train-0.train:null job=train", KUBERNETES);
        assertPlace("none: null/null null/null null:null job=", "");
    }

    @Test
    void shouldTakeTheInnermostAndMixNothing() {
        assertPlace("Open MPI: 1/4 1/2 null:null job=1560543233", SBATCH, OPEN_MPI);
        assertPlace("Open MPI: 1/4 1/2 host:1234 job=1560543233", SRUN, PLAIN, OPEN_MPI);
        assertPlace("Open MPI: 1/4 1/2 null:null job=1560543233", HYDRA, OPEN_MPI);
        assertPlace("torchrun: 5/8 1/4 node1.example:29401 job=none", SRUN, OPEN_MPI, TORCHRUN);
        assertPlace(
                "torchrun: 5/8 1/4 node1.example:29401 job=none", "JOB_COMPLETION_INDEX=1 HOSTNAME=train-1", TORCHRUN);
        assertPlace("run: 3/5 3/5 127.0.0.1:40001 job=", SRUN, OPEN_MPI, HYDRA, TORCHRUN, RUN);
        assertPlace("PMI: 2/3 0/1 null:null job=", SRUN, HYDRA);
        assertPlace("PMI: 2/3 0/1 null:null job=", SBATCH, HYDRA);
        assertPlace("Slurm: 6/7 0/1 host:1234 job=4711.2", PLAIN, SRUN);
        assertPlace("RANK and WORLD_SIZE: 1/2 null/null host:1234 job=", SBATCH, PLAIN);
        assertPlace("RANK and WORLD_SIZE: 1/2 null/null host:1234 job=train", KUBERNETES, PLAIN);
        assertPlace("none: null/null null/null null:null job=", SBATCH);
    }

    /** Templates of pods and compose files set variables that they leave empty. */
    @Test
    void shouldTakeAnEmptyVariableForOneThatIsNotSet() {
        assertPlace("Open MPI: 1/4 1/2 null:null job=1560543233", OPEN_MPI, "TORCHELASTIC_RUN_ID= RANK= MASTER_ADDR=");
        assertPlace("none: null/null null/null null:null job=", "RANK= WORLD_SIZE= JOB_COMPLETION_INDEX= MASTER_PORT=");
    }

    /** It says nothing of this host, and srun does. */
    @Test
    void shouldAskSlurmWhereItsOwnPmiSaysTheSame() {
        assertPlace("Slurm: 6/7 0/1 n004:26043 job=4711.2", SRUN, "PMI_RANK=6 PMI_SIZE=7 PMI_JOBID=4711.2");
        assertPlace("PMI: 0/1 null/null null:null job=", SRUN, "PMI_RANK=0 PMI_SIZE=1");
    }

    @Test
    void shouldReadWhatPalsSaysOfThisHost() {
        assertPlace("PMI: 5/8 1/4 null:null job=", "PMI_RANK=5 PMI_SIZE=8 PMI_LOCAL_RANK=1 PMI_LOCAL_SIZE=4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIGNVOTE_LAUNCHER=run RANK=0 WORLD_SIZE=1 LOCAL_RANK=0|LOCAL_WORLD_SIZE",
                "TORCHELASTIC_RUN_ID=x RANK=0 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=a MASTER_PORT=1|WORLD_SIZE",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=1 LOCAL_WORLD_SIZE=1 MASTER_ADDR=a MASTER_PORT=1|LOCAL_RANK",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=1 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_PORT=1|MASTER_ADDR",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=1 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=a|MASTER_PORT",
                "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=1|OMPI_COMM_WORLD_SIZE",
                "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_LOCAL_SIZE=1|OMPI_COMM_WORLD_LOCAL_RANK",
                "PMI_RANK=0|PMI_SIZE",
                "PMI_SIZE=2|PMI_RANK",
                "PMI_RANK=0 PMI_SIZE=1 MPI_LOCALRANKID=0|MPI_LOCALNRANKS",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_LOCALID=0|SLURM_PROCID",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_PROCID=0|SLURM_LOCALID",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_LOCALID=0|SLURM_STEP_TASKS_PER_NODE",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_STEP_TASKS_PER_NODE=2|SLURM_NODEID",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0|SLURM_STEP_NODELIST",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0|SLURM_JOB_ID",
                "SLURM_STEP_NUM_TASKS=2 SLURM_JOB_ID=0|SLURM_STEP_ID",
                "RANK=0|WORLD_SIZE",
                "WORLD_SIZE=2|RANK",
                "LOCAL_RANK=1|RANK",
                "LOCAL_WORLD_SIZE=2|WORLD_SIZE",
                "JOB_COMPLETION_INDEX=0|WORLD_SIZE",
            })
    void shouldNameWhatIsMissing(final String variables, final String missing) {
        final Launcher launcher = Launcher.of(variables(variables));

        final String complaints =
                launcher.rank().complaint() + "\n" + launcher.worldSize().complaint() + "\n"
                        + launcher.localRank().complaint() + "\n"
                        + launcher.localWorldSize().complaint() + "\n"
                        + launcher.masterAddress().complaint() + "\n"
                        + launcher.masterPort().complaint();

        assertTrue(
                complaints.lines().anyMatch(line -> line.matches(".*\\b" + missing + "(=.*| is not: .*)")), complaints);
    }

    @ParameterizedTest
    @CsvSource({"29500, 29501", "65534, 65535", "65535, 65534", "1, 2"})
    void shouldTakeThePortBesideThatOfTheAgent(final String port, final String expected) {
        assertEquals(
                expected,
                Launcher.of(variables(TORCHRUN, "MASTER_PORT=" + port))
                        .masterPort()
                        .value());
        assertEquals(
                port,
                Launcher.of(variables(PLAIN, "MASTER_PORT=" + port))
                        .masterPort()
                        .value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n7|n7",
                "n7,n8|n7",
                "n[7]|n7",
                "n[001-003,7]-ib|n001-ib",
                "n[7,001-003]-ib,login|n7-ib",
                "gpu-node-[3-5]|gpu-node-3",
                "rack[2-4]n[09-12],x|rack2n09",
                "a.example,b[1-2]|a.example",
                "[1-2]|1",
            })
    void shouldExpandTheFirstNameOfAList(final String list, final String first) {
        final Launcher launcher = Launcher.of(variables(SRUN, "SLURM_STEP_NODELIST=" + list));

        assertEquals(first, launcher.masterAddress().value());
    }

    @ParameterizedTest
    @CsvSource({"n[1-2", "n1]", "n[[1]]", "''", "(null)"})
    void shouldSayThatAListNamesNoHost(final String list) {
        final Launcher launcher = Launcher.of(variables(SRUN, "SLURM_STEP_NODELIST=" + list));

        assertNull(launcher.masterAddress().value());
        assertTrue(launcher.masterAddress()
                .complaint()
                .startsWith("SLURM_STEP_NODELIST=" + list + " has no host for rank 0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2(x3),1|0|2",
                "2(x3),1|2|2",
                "2(x3),1|3|1",
                "2(x3),1|4|",
                "4|0|4",
                "1,16(x2)|2|16",
                "1(x1000)|999|1",
                "2(x3|0|",
                "2(x),1|1|",
                "many|0|",
                "''|0|",
            })
    void shouldFindTheTasksOfThisNode(final String tasks, final String node, final String expected) {
        final Launcher launcher =
                Launcher.of(variables(SRUN, "SLURM_STEP_TASKS_PER_NODE=" + tasks + " SLURM_NODEID=" + node));

        assertEquals(expected, launcher.localWorldSize().value());
        assertEquals(expected == null, launcher.localWorldSize().complaint() != null);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 20000",
        "1, 0, 20031",
        "1, 1, 20032",
        "322, 17, 29999",
        "322, 18, 20000",
        "4294967295, 0, 26145",
        "999999999999999999, 0, 26737"
    })
    void shouldGiveEveryStepAPort(final String job, final String step, final String port) {
        final Launcher launcher = Launcher.of(variables(SRUN, "SLURM_JOB_ID=" + job + " SLURM_STEP_ID=" + step));

        assertEquals(port, launcher.masterPort().value());
    }

    @ParameterizedTest
    @CsvSource({"batch", "extern", "interactive", "4294967291", "4294967290"})
    void shouldNotTakeABatchScriptForAStep(final String step) {
        final Launcher launcher = Launcher.of(variables(SRUN, "SLURM_STEP_ID=" + step));

        assertTrue(launcher.isNone());
        assertEquals("SLURM_NTASKS=7", launcher.crowd().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OMPI_COMM_WORLD_SIZE=4|OMPI_COMM_WORLD_SIZE=4",
                "RANK=0 WORLD_SIZE=1 PMI_SIZE=3|PMI_SIZE=3",
                "RANK=0 WORLD_SIZE=1 LOCAL_WORLD_SIZE=2|LOCAL_WORLD_SIZE=2",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=1 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_ID=0|SLURM_STEP_NUM_TASKS=4",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=2 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_ID=0|WORLD_SIZE=2",
                "SIGNVOTE_LAUNCHER=run RANK=0 WORLD_SIZE=2 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_ID=0|WORLD_SIZE=2",
                "RANK=0 WORLD_SIZE=1 SLURM_NTASKS=4|",
                "SLURM_NTASKS=4|SLURM_NTASKS=4",
                "SLURM_NTASKS=1|",
                "PMIX_RANK=0 PMIX_NAMESPACE=prte|",
                OPEN_MPI + " " + PLAIN + "|OMPI_COMM_WORLD_SIZE=4",
                SRUN + " RANK=9 WORLD_SIZE=16|WORLD_SIZE=16",
                SRUN + " " + OPEN_MPI + "|OMPI_COMM_WORLD_SIZE=4",
                "MV2_COMM_WORLD_SIZE=2|MV2_COMM_WORLD_SIZE=2",
                "FLUX_JOB_SIZE=2|FLUX_JOB_SIZE=2",
                "WORLD_SIZE=1|",
                "WORLD_SIZE=many|",
                "''|",
            })
    void shouldFindVariablesThatSayThereAreMoreProcesses(final String variables, final String expected) {
        assertEquals(
                expected, Objects.toString(Launcher.of(variables(variables)).crowd(), null));
    }

    @ParameterizedTest
    @CsvSource({
        "MASTER_PORT, tcp://10.0.0.7:29500, master",
        "SIGNVOTE_PORT, tcp://10.0.0.7:29500, signvote",
        "SIGNVOTE_MASTER_PORT, udp://10.0.0.7:29500, signvote-master"
    })
    void shouldRecogniseTheVariablesOfAService(final String variable, final String value, final String service) {
        final String remedy = Launcher.serviceRemedy(variable, value);

        assertEquals(
                "; Kubernetes sets " + variable + " for a Service called " + service
                        + ": give the Service another name, or set enableServiceLinks: false in the pod template",
                remedy);
    }

    @Test
    void shouldTakeOtherNonsenseForItsOwner() {
        assertEquals("", Launcher.serviceRemedy("MASTER_PORT", "http"));
        assertEquals("", Launcher.serviceRemedy("RANK", "tcp://10.0.0.7:29500"));
    }

    /** With host names of its own, as with hostNetwork, a pod does not show the name of its job. */
    @ParameterizedTest
    @CsvSource({"train-3, train", "my-train-3, my-train", "node-13, ''", "node, ''", "3, ''"})
    void shouldFindTheJobOfAPod(final String host, final String job) {
        assertEquals(job, Launcher.of(variables(KUBERNETES, "HOSTNAME=" + host)).job());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                TORCHRUN + "|export SIGNVOTE_SECRET_FILE=FILE before torchrun on every host",
                OPEN_MPI + "|mpirun -x SIGNVOTE_SECRET_FILE=FILE",
                HYDRA + "|mpiexec.hydra -genv SIGNVOTE_SECRET_FILE FILE",
                SRUN + "|export SIGNVOTE_SECRET_FILE=FILE before srun",
                PLAIN + "|put the same file, mode 0600, on each host",
                KUBERNETES + "|mount a Secret as a volume",
            })
    void shouldSayHowASecretReachesAllRanks(final String variables, final String expected) {
        final String remedy = Launcher.of(variables(variables)).secretRemedy();

        assertTrue(remedy.startsWith(expected), remedy);
    }
}
