package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.Host;
import io.signvote.Configuration.PlanKind;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ConfigurationTest {
    /** Sets a property while the action runs. */
    static void with(final String name, final String value, final Runnable action) {
        final String before = System.getProperty(name);
        System.setProperty(name, value);
        try {
            action.run();
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }

    private static <T> void reads(final T expected, final String name, final String value, final Supplier<T> reader) {
        with(name, value, () -> assertEquals(expected, reader.get(), name + "=" + value));
    }

    @Test
    void shouldReadValuesWithUnitsBasesAndAnyCase() {
        reads(16L, "signvote.seed", "0x10", Configuration.SEED::value);
        reads(-16L, "signvote.seed", "-0x10", Configuration.SEED::value);
        reads(Long.MIN_VALUE, "signvote.seed", "-9223372036854775808", Configuration.SEED::value);
        reads(10, "signvote.rank", "010", Configuration.RANK::value);
        reads(9, "signvote.rank", " 09 ", Configuration.RANK::value);
        reads(64 << 10, "signvote.mtu", "64k", Configuration.MTU::value);
        reads(4 << 20, "signvote.socket.buffer", "4m", Configuration.SOCKET_BUFFER::value);
        reads(200_000_000L, "signvote.timeout", "200ms", Configuration.TIMEOUT::value);
        reads(7L, "signvote.join.timeout", "7ns", Configuration.JOIN_TIMEOUT::value);
        reads(PlanKind.STAR, "signvote.plan", "star", Configuration.PLAN::value);
        reads(Host.EXTERNAL, "signvote.coordinator", "External", Configuration.COORDINATOR::value);
        reads(ZeroPolicy.POSITIVE, "signvote.zeros", "positive", Configuration.ZEROS::value);
        reads(TiePolicy.NEGATIVE, "signvote.ties", "NEGATIVE", Configuration.TIES::value);
        reads(true, "signvote.strict", "TRUE", Configuration.STRICT::value);
        reads("", "signvote.secret.file", "", Configuration.SECRET_FILE::value);
    }

    @ParameterizedTest
    @CsvSource({
        "signvote.rank,              one,      'a whole number, at least 0'",
        "signvote.rank,              '',       a whole number",
        "signvote.world.size,        2.5,      a whole number from 1 to 255",
        "signvote.world.size,        99999999999, a whole number",
        "signvote.master.port,       http,     a whole number from 1 to 65535",
        "signvote.seed,              seed,     a whole number",
        "signvote.seed,              0x,       a whole number",
        "signvote.credit,            8k,       a whole number from 0 to 256",
        "signvote.port,              -,        a whole number from 0 to 65535",
        "signvote.join.timeout,      soon,     a duration such as 200ms or 60s",
        "signvote.timeout,           '',       a duration",
        "signvote.timeout,           5 parsecs, a duration",
        "signvote.suspicion.timeout, s,        a duration",
        "signvote.mtu,               big,      'bytes such as 8960, or 0'",
        "signvote.mtu,               '',       'bytes such as 8960, or 0'",
        "signvote.socket.buffer,     3g,       bytes below 2g",
        "signvote.socket.buffer,     k,        bytes below 2g",
        "signvote.plan,              ring,     'sharded, star, replicated or server'",
        "signvote.coordinator,       me,       rank0 or external",
        "signvote.zeros,             '',       positive or random",
        "signvote.ties,              even,     'positive, negative or random'",
        "signvote.zeros,             abstain,  positive or random: abstain is not supported yet",
        "signvote.kernel,            fast,     'auto, scalar or native'",
        "signvote.kernel.isa.max,    avx512,   scalar or avx2",
        "signvote.insecure,          yes,      true or false",
        "signvote.strict,            1,        true or false",
    })
    void shouldNameTheOptionAndWhatIsExpectedOfNonsense(final String name, final String value, final String expected) {
        with(name, value, () -> {
            final String message = assertThrows(ConfigurationException.class, () -> new Context())
                    .getMessage();
            assertTrue(message.startsWith(name + "=" + value + ", expected " + expected), message);
        });
    }

    @Test
    void shouldHaveADefaultForEveryOptionThatCanBeConcluded() {
        for (final Option<?> option : Configuration.options()) {
            assertTrue(option.name().startsWith("signvote."), option::name);
        }

        final int options = Configuration.options().size();
        assertTrue(options >= 20 && options <= 25, "options=" + options);
        assertEquals(
                Configuration.WORLD_SIZE.defaultText(),
                "" + new Context().conclude().worldSize());
        assertEquals(300_000_000_000L, Configuration.TIMEOUT.value());
        assertEquals(60_000_000_000L, Configuration.JOIN_TIMEOUT.value());
        assertEquals(10_000_000_000L, Configuration.SUSPICION_TIMEOUT.value());
        assertEquals(29500, Configuration.MASTER_PORT.value());
        assertEquals(PlanKind.SHARDED, Configuration.PLAN.value());
    }

    @Test
    void shouldPreferValueToPropertyToVariableToLauncherToDefault(@TempDir final Path directory) throws Exception {
        final String output = FreshProcess.run(
                directory,
                Probe.class,
                Map.ofEntries(
                        Map.entry("SIGNVOTE_WORLD_SIZE", "7"),
                        Map.entry("WORLD_SIZE", "8"),
                        Map.entry("RANK", "2"),
                        Map.entry("OMPI_COMM_WORLD_RANK", "3"),
                        Map.entry("OMPI_COMM_WORLD_SIZE", "9"),
                        Map.entry("LOCAL_RANK", "1"),
                        Map.entry("LOCAL_WORLD_SIZE", "2"),
                        Map.entry("OMPI_COMM_WORLD_LOCAL_RANK", "1"),
                        Map.entry("OMPI_COMM_WORLD_LOCAL_SIZE", "4"),
                        Map.entry("SIGNVOTE_LOCAL_RANK", "0"),
                        Map.entry("PMIX_NAMESPACE", "prte@1"),
                        Map.entry("MASTER_ADDR", "master"),
                        Map.entry("MASTER_PORT", "1234"),
                        Map.entry("SIGNVOTE_MASTER_PORT", "2345"),
                        Map.entry("SIGNVOTE_AERON_DIR", "shared"),
                        Map.entry("SIGNVOTE_SUSPICION_TIMEOUT", "3s")),
                "-Dsignvote.master.port=3456",
                "-Dsignvote.seed=5");

        assertEquals(
                "rank=3 size=7 localRank=0 localSize=4 address=master port=3456 dir=shared suspicion=3000000000 seed=6"
                        + " timeout=300000000000 job=prte@1",
                output.trim());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RANK=zero WORLD_SIZE=2|signvote.rank=zero from the variable RANK, expected a whole number, at least 0",
                "RANK=0 WORLD_SIZE=300|signvote.world.size=300 from the variable WORLD_SIZE, expected a whole number from 1 to 255",
                "SIGNVOTE_CREDIT=-1|signvote.credit=-1 from the variable SIGNVOTE_CREDIT, expected a whole number from 0 to 256",
                "MASTER_PORT=65536|signvote.master.port=65536 from the variable MASTER_PORT, expected a whole number from 1 to 65535",
                "SIGNVOTE_TIMEOUT=soon|signvote.timeout=soon from the variable SIGNVOTE_TIMEOUT, expected a duration",
                "RANK=1|RANK is set and WORLD_SIZE is not: set both; or set SIGNVOTE_WORLD_SIZE",
                "WORLD_SIZE=2|WORLD_SIZE is set and RANK is not: set both; or set SIGNVOTE_RANK",
                "SIGNVOTE_WORLD_SIZE=2|signvote.rank is not set and worldSize=2: set SIGNVOTE_RANK on every process, 0 to 1, each its own",
                "RANK=0 WORLD_SIZE=4 LOCAL_WORLD_SIZE=2|signvote.master.address is not set, and only 2 of worldSize=4 ranks are on this"
                        + " host: set SIGNVOTE_MASTER_ADDRESS to the host of rank 0 on every rank, for example by MASTER_ADDR=HOST",
                "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=1"
                        + "|set SIGNVOTE_MASTER_ADDRESS to the host of rank 0 on every rank, for example by mpirun -x MASTER_ADDR=HOST",
                "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_LOCAL_RANK=0"
                        + "|OMPI_COMM_WORLD_RANK is set and OMPI_COMM_WORLD_LOCAL_SIZE is not: Open MPI sets both",
                "RANK=0 WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0|and OMPI_COMM_WORLD_SIZE is not",
                "PMI_RANK=1|PMI_RANK is set and PMI_SIZE is not",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=2|TORCHELASTIC_RUN_ID is set and LOCAL_RANK is not",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_LOCALID=0|SLURM_STEP_NUM_TASKS is set and SLURM_PROCID is not",
                "SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_NODEID=0"
                        + " SLURM_STEP_TASKS_PER_NODE=1(x2)|SLURM_STEP_NODELIST= has no host for rank 0",
                "JOB_COMPLETION_INDEX=0|Kubernetes gives a pod no number of pods, set WORLD_SIZE",
                "JOB_COMPLETION_INDEX=1 WORLD_SIZE=2|signvote.master.address is not set, and only 1 of worldSize=2",
                "SLURM_NTASKS=4|worldSize=1 by default, no launcher was found, but SLURM_NTASKS=4: ",
                "RANK=0 WORLD_SIZE=1 PMIX_RANK=0 FLUX_JOB_SIZE=3|worldSize=1 by RANK and WORLD_SIZE, but FLUX_JOB_SIZE=3",
                "RANK=0 WORLD_SIZE=1 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_ID=0 SIGNVOTE_LAUNCHER=run LOCAL_RANK=0 LOCAL_WORLD_SIZE=1"
                        + "|worldSize=1 by run, but SLURM_STEP_NUM_TASKS=4: ",
                "PMIX_RANK=2|PMIX_RANK=2 is set, and no variable gives the number of ranks",
                "PMIX_RANK=0 PMIX_NAMESPACE=prterun-1|PMIX_RANK=0 is set, and no variable gives the number of ranks",
                "SLURM_JOB_ID=7 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=2 SLURM_PROCID=1 SLURM_LOCALID=1 SLURM_NODEID=0"
                        + " SLURM_STEP_NODELIST=a SLURM_STEP_TASKS_PER_NODE=2 SIGNVOTE_JOIN_TIMEOUT=1s RANK=3 WORLD_SIZE=4"
                        + "|worldSize=2 by Slurm, but WORLD_SIZE=4: ",
                "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2"
                        + " SIGNVOTE_JOIN_TIMEOUT=1s RANK=3 WORLD_SIZE=4 FLUX_JOB_SIZE=3|worldSize=2 by Open MPI, but WORLD_SIZE=4: ",
                "RANK=0 WORLD_SIZE=2 MASTER_PORT=0|signvote.master.port=0 from the variable MASTER_PORT, expected a whole number from"
                        + " 1 to 65535",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=70000"
                        + "|signvote.master.port=70000 from the variable MASTER_PORT, expected a whole number from 1 to 65535",
                "TORCHELASTIC_RUN_ID=x RANK=0 WORLD_SIZE=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=0"
                        + "|signvote.master.port=0 from the variable MASTER_PORT, expected a whole number from 1 to 65535",
                "RANK= WORLD_SIZE=2 SIGNVOTE_TIMEOUT= MASTER_PORT= TORCHELASTIC_RUN_ID=|WORLD_SIZE is set and RANK is not",
                "SIGNVOTE_RANK= SIGNVOTE_WORLD_SIZE=2|signvote.rank is not set and worldSize=2",
                "JOB_COMPLETION_INDEX=1 WORLD_SIZE=2 MASTER_ADDR=train-0.invalid SIGNVOTE_JOIN_TIMEOUT=1s"
                        + "|coordinator host train-0.invalid is not known yet and there is no secret: ",
                "JOB_COMPLETION_INDEX=1 WORLD_SIZE=2 MASTER_ADDR=train-0.invalid SIGNVOTE_JOIN_TIMEOUT=1s"
                        + "|; mount a Secret as a volume",
                "MASTER_PORT=tcp://10.0.0.7:29500|; Kubernetes sets MASTER_PORT for a Service called master",
                "SIGNVOTE_PORT=tcp://10.0.0.7:29500|; Kubernetes sets SIGNVOTE_PORT for a Service called signvote",
                "RANK=0 WORLD_SIZE=2 MASTER_ADDR=192.0.2.1|; put the same file, mode 0600, on each host",
                "JOB_COMPLETION_INDEX=0 WORLD_SIZE=2 MASTER_ADDR=192.0.2.1|; mount a Secret as a volume",
                "PMI_RANK=0 PMI_SIZE=2 MASTER_ADDR=192.0.2.1|; mpiexec.hydra -genv SIGNVOTE_SECRET_FILE FILE",
            })
    void shouldSayWhatALauncherLeftOut(final String variables, final String expected, @TempDir final Path directory)
            throws Exception {
        final Map<String, String> environment = Arrays.stream(variables.split(" "))
                .collect(Collectors.toMap(pair -> pair.split("=", 2)[0], pair -> pair.split("=", 2)[1]));

        final String output = FreshProcess.run(directory, Joiner.class, environment);

        assertTrue(output.startsWith("ConfigurationException ") && output.contains(expected), output);
    }

    /** Joins as it is told, and says why it cannot. */
    static final class Joiner {
        private Joiner() {}

        public static void main(final String[] args) {
            try {
                Communicator.connect().close();
            } catch (final VoteException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    /** Prints what it finds. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            final Context context = new Context();
            context.seed(context.seed() + 1);
            System.out.println("rank=" + context.rank() + " size=" + context.worldSize() + " localRank="
                    + Configuration.LOCAL_RANK.value() + " localSize=" + Configuration.LOCAL_WORLD_SIZE.value()
                    + " address="
                    + context.masterAddress() + " port=" + context.masterPort() + " dir=" + context.aeronDirectory()
                    + " suspicion=" + context.suspicionTimeoutNs() + " seed=" + context.seed() + " timeout="
                    + context.timeoutNs() + " job=" + context.job());
        }
    }
}
