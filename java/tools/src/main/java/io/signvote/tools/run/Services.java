package io.signvote.tools.run;

import io.signvote.Configuration;
import io.signvote.build.Build;
import io.signvote.rendezvous.Coordinator;
import io.signvote.rendezvous.RendezvousConfig;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.SharedDriver;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * What the launcher holds for its ranks while they run, and the variables by which they find it.
 *
 * <pre>
 * SIGNVOTE_LAUNCHER=run             the numbers that follow are ours, whatever launcher we were started by
 * SIGNVOTE_JOB                      which job it is
 * MASTER_ADDR                       host of the coordinator
 * SIGNVOTE_MASTER_PORT              its port
 * MASTER_PORT                       a port on which nobody listens, for others that meet there, such as PyTorch
 * SIGNVOTE_COORDINATOR=external     it is not for rank 0 to host
 * SIGNVOTE_JOIN_TIMEOUT             how long the coordinator waits: ranks that gave up sooner would empty its job
 * SIGNVOTE_AERON_DIR                the media driver of this host
 * SIGNVOTE_SECRET                   what proves a process to belong to the job
 * SIGNVOTE_MTU                      as the launcher was given it, also as a property; only set where it was
 * SIGNVOTE_SOCKET_BUFFER            likewise
 * SIGNVOTE_PLAN=server              a pure server tallies; only set where the job has one
 * </pre>
 */
final class Services implements AutoCloseable {
    /**
     * Variables that would override what the ranks get from here. They are for ranks that are started one by one, so those in the
     * launcher's own environment are another job's.
     */
    static final Set<String> OVERRIDES = Set.of(
            "SIGNVOTE_RANK",
            "SIGNVOTE_WORLD_SIZE",
            "SIGNVOTE_LOCAL_RANK",
            "SIGNVOTE_LOCAL_WORLD_SIZE",
            "SIGNVOTE_MASTER_ADDRESS");

    private static final String HOST = "127.0.0.1";
    private static final long DEPARTURE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int SECRET_LENGTH = 32;

    private final int ranks;
    private final boolean hasServer;
    private final String job =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final Map<String, String> environment = new TreeMap<>();
    private Coordinator coordinator;
    private SharedDriver driver;
    private SparePort sparePort;
    private boolean isClosed;

    /**
     * Nothing is started yet.
     *
     * @param ranks of the job.
     * @param hasServer whether a pure server joins as well.
     */
    Services(final int ranks, final boolean hasServer) {
        this.ranks = ranks;
        this.hasServer = hasServer;
    }

    /**
     * Starts them; what was started when one fails is for {@link #close()}.
     *
     * @param port of the coordinator, 0 for a free one.
     * @param joinTimeoutNs how long the coordinator waits for the last one to come.
     * @param console is told what the coordinator has to say.
     */
    synchronized void start(final int port, final long joinTimeoutNs, final Console console) {
        if (isClosed) {
            throw new IllegalStateException("interrupted before anything was started");
        }
        final String secret = drawSecret();
        final RendezvousConfig config = new RendezvousConfig(
                HOST,
                port,
                0,
                ranks,
                hasServer,
                RendezvousConfig.Role.VOTER,
                secret.getBytes(StandardCharsets.US_ASCII),
                false,
                joinTimeoutNs,
                Configuration.suspicionTimeoutNs() / RendezvousConfig.HEARTBEATS_PER_SUSPICION,
                Configuration.suspicionTimeoutNs(),
                "",
                job,
                Build.current().text());
        coordinator = Coordinator.start(config, error -> console.say("coordinator: " + error.getMessage()));
        final int members = ranks + (hasServer ? 1 : 0);
        driver = SharedDriver.launch(AeronSettings.builder(HOST, members)
                .localMembers(members)
                .mtuLength(Configuration.mtuLength())
                .socketBufferLength(Configuration.socketBufferLength())
                .build());
        driver.notes().forEach(note -> console.say("media driver: " + note));

        sparePort = SparePort.take();

        environment.put("SIGNVOTE_AERON_DIR", driver.directory().toString());
        environment.put("MASTER_ADDR", HOST);
        environment.put("SIGNVOTE_MASTER_PORT", Integer.toString(coordinator.port()));
        environment.put("MASTER_PORT", Integer.toString(sparePort.number()));
        environment.put("SIGNVOTE_LAUNCHER", "run");
        environment.put("SIGNVOTE_JOB", job);
        environment.put("SIGNVOTE_COORDINATOR", "external");
        environment.put("SIGNVOTE_JOIN_TIMEOUT", joinTimeoutNs + "ns");
        environment.put("SIGNVOTE_SECRET", secret);
        // a file that the launcher's own environment names would go before it
        environment.put("SIGNVOTE_SECRET_FILE", "");
        // a property reaches the launcher only, and the ranks' logs are as large as their own settings say
        if (Configuration.mtuLength() != 0) {
            environment.put("SIGNVOTE_MTU", Integer.toString(Configuration.mtuLength()));
        }
        if (Configuration.socketBufferLength() != 0) {
            environment.put("SIGNVOTE_SOCKET_BUFFER", Integer.toString(Configuration.socketBufferLength()));
        }
        if (hasServer) {
            environment.put("SIGNVOTE_PLAN", "server");
        }
    }

    /**
     * The code of a launcher that kept going, after all its processes have ended.
     *
     * @param endings of the processes.
     * @return 0 to 255.
     * @throws InterruptedException when interrupted while goodbyes are still read.
     */
    int code(final Endings endings) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + DEPARTURE_NS;
        while (coordinator.progress() == Coordinator.Progress.RUNNING && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return endings.code(coordinator.progress(), coordinator.startNs());
    }

    /**
     * What every process of the job is told.
     *
     * @return variables and values.
     */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /**
     * Draws the secret of one launcher. It is never in a file, so a launcher that is killed outright leaves none behind. The
     * kernel shows the environment of a process to nobody but its user and root.
     */
    private static String drawSecret() {
        final byte[] secret = new byte[SECRET_LENGTH];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Whether they are ended, or never will be started. */
    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Ends them, after the last process has ended; any thread may call, also again. */
    @Override
    public synchronized void close() {
        isClosed = true;
        CloseHelper.closeAll(sparePort, driver, coordinator);
    }
}
