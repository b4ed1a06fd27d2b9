package io.signvote.tools.run;

import io.signvote.Configuration;
import io.signvote.Option;
import io.signvote.build.Build;
import io.signvote.rendezvous.Coordinator;
import io.signvote.rendezvous.RendezvousConfig;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.SharedDriver;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * The coordinator, the media driver and the secret of a launcher's job, and the variables that describe them to the
 * ranks.
 *
 * <pre>
 * SIGNVOTE_LAUNCHER=run             the variables are those of this launcher, not of an outer one
 * SIGNVOTE_JOB                      id of the job
 * MASTER_ADDR                       host of the coordinator
 * SIGNVOTE_MASTER_PORT              its port
 * MASTER_PORT                       a free port for other libraries, such as PyTorch
 * SIGNVOTE_COORDINATOR=external     rank 0 does not host the coordinator
 * SIGNVOTE_JOIN_TIMEOUT             join timeout of the coordinator: a rank with a shorter one would leave too early
 * SIGNVOTE_AERON_DIR                the media driver of this host
 * SIGNVOTE_SECRET                   secret by which a process proves that it belongs to the job
 * SIGNVOTE_MTU                      value of the launcher's own option; only set if the launcher has one
 * SIGNVOTE_SOCKET_BUFFER            the same
 * SIGNVOTE_PLAN=server              a server tallies; only set if the job has one
 * </pre>
 */
final class Services implements AutoCloseable {
    /**
     * Variables that would override the variables of this launcher. They are for ranks that are started one by one. So
     * those in the launcher's own environment belong to another job.
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
     * Makes services that are not started yet.
     *
     * @param ranks of the job.
     * @param hasServer whether a pure server joins as well.
     */
    Services(final int ranks, final boolean hasServer) {
        this.ranks = ranks;
        this.hasServer = hasServer;
    }

    /**
     * Starts the services. If one fails, {@link #close()} ends those that were started.
     *
     * @param port of the coordinator, 0 for a free one.
     * @param joinTimeoutNs longest wait of the coordinator for the last member.
     * @param console for messages of the coordinator and the media driver.
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
                Configuration.SUSPICION_TIMEOUT.value() / RendezvousConfig.HEARTBEATS_PER_SUSPICION,
                Configuration.SUSPICION_TIMEOUT.value(),
                "",
                job,
                Build.current().text());
        coordinator = Coordinator.start(config, error -> console.say("coordinator: " + error.getMessage()));
        final int members = ranks + (hasServer ? 1 : 0);
        driver = SharedDriver.launch(AeronSettings.builder(HOST, members)
                .localMembers(members)
                .mtuLength(Configuration.MTU.value())
                .socketBufferLength(Configuration.SOCKET_BUFFER.value())
                .build());
        driver.notes().forEach(note -> console.say("media driver: " + note));

        sparePort = SparePort.take();

        environment.put(Configuration.AERON_DIR.variable(), driver.directory().toString());
        environment.put("MASTER_ADDR", HOST);
        environment.put(Configuration.MASTER_PORT.variable(), Integer.toString(coordinator.port()));
        environment.put("MASTER_PORT", Integer.toString(sparePort.number()));
        environment.put("SIGNVOTE_LAUNCHER", "run");
        environment.put(Configuration.JOB.variable(), job);
        environment.put(Configuration.COORDINATOR.variable(), "external");
        environment.put(Configuration.JOIN_TIMEOUT.variable(), joinTimeoutNs + "ns");
        environment.put("SIGNVOTE_SECRET", secret);
        // a file that the launcher's own environment names would go before it
        environment.put(Configuration.SECRET_FILE.variable(), "");
        // a property reaches the launcher only, and the ranks' logs are as large as their own settings say
        for (final Option<Integer> size : List.of(Configuration.MTU, Configuration.SOCKET_BUFFER)) {
            if (size.value() != 0) {
                environment.put(size.variable(), size.value().toString());
            }
        }
        if (hasServer) {
            environment.put(Configuration.PLAN.variable(), "server");
        }
    }

    /**
     * The code of a launcher with {@code --keep-going}, after all its processes have ended.
     *
     * @param endings of the processes.
     * @return 0 to 255.
     * @throws InterruptedException if interrupted while the coordinator still reads goodbyes.
     */
    int code(final Endings endings) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + DEPARTURE_NS;
        while (coordinator.progress() == Coordinator.Progress.RUNNING && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return endings.code(coordinator.progress(), coordinator.startNs());
    }

    /**
     * Variables of every process of the job.
     *
     * @return variables and values.
     */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /**
     * Makes the secret of one launcher at random. It is never in a file, so a launcher that is killed leaves none
     * behind. The kernel shows the environment of a process only to its user and root.
     */
    private static String drawSecret() {
        final byte[] secret = new byte[SECRET_LENGTH];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Whether the services have ended, or will never start. */
    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Ends the services, after the last process has ended. Any thread may call it. Calling it again does nothing. */
    @Override
    public synchronized void close() {
        isClosed = true;
        CloseHelper.closeAll(sparePort, driver, coordinator);
    }
}
