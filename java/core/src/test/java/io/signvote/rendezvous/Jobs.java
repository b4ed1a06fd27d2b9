package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.transport.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;

/** A coordinator on loopback with its members, each joining on a thread of its own; closes them all. */
final class Jobs implements AutoCloseable {
    static final byte[] SECRET = "a secret of enough bytes".getBytes(StandardCharsets.US_ASCII);
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    final List<Member> members = new ArrayList<>();
    final Coordinator coordinator;
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        final Thread thread = new Thread(task, "joiner");
        thread.setDaemon(true);
        return thread;
    });

    Jobs(final Settings settings) {
        this(settings, System::nanoTime);
    }

    /** A coordinator with a clock of its own. */
    Jobs(final Settings settings, final NanoClock clock) {
        coordinator = Coordinator.start(settings.config(), errors::add, clock);
    }

    /** A mutable form of the configuration, with values that suit tests. */
    static final class Settings {
        String host = "127.0.0.1";
        int port;
        int rank;
        int worldSize = 2;
        boolean hasServer;
        RendezvousConfig.Role role = RendezvousConfig.Role.VOTER;
        byte[] secret = SECRET;
        boolean isInsecure;
        long joinTimeoutMs = 20_000;
        long heartbeatIntervalMs = 100;
        long suspicionTimeoutMs = 10_000;
        String settings = "plan=SHARDED,seed=42";
        String job = "";
        String build = "";

        static Settings of(final int worldSize) {
            final Settings settings = new Settings();
            settings.worldSize = worldSize;
            return settings;
        }

        RendezvousConfig config() {
            return new RendezvousConfig(
                    host,
                    port,
                    rank,
                    worldSize,
                    hasServer,
                    role,
                    secret,
                    isInsecure,
                    TimeUnit.MILLISECONDS.toNanos(joinTimeoutMs),
                    TimeUnit.MILLISECONDS.toNanos(heartbeatIntervalMs),
                    TimeUnit.MILLISECONDS.toNanos(suspicionTimeoutMs),
                    settings,
                    job,
                    build);
        }
    }

    static Endpoint endpoint(final int rank) {
        return new Endpoint("127.0.0.1", 10_000 + rank, "boot-identity:/dev/shm/aeron-" + rank, 1408, 128 * 1024);
    }

    /** Joins on a thread of its own. */
    Future<Roster> join(final RendezvousConfig config) {
        return executor.submit(() -> {
            final Member member = Member.connect(config);
            synchronized (members) {
                members.add(member);
            }
            return member.join(endpoint(config.rank()));
        });
    }

    /** Joins on a thread of its own with a member that has dialled. */
    Future<Roster> join(final Member member, final int rank) {
        return executor.submit(() -> member.join(endpoint(rank)));
    }

    /** Closes the coordinator on a thread of its own. */
    void closeWithoutWaiting() {
        executor.submit(coordinator::close);
    }

    /** All ranks, and the server if there is one, join; members are sorted by rank. */
    static List<Roster> joinAll(final Jobs jobs, final Settings settings) {
        settings.port = jobs.coordinator.port();
        final List<Member> connected = new ArrayList<>();
        final List<Future<Roster>> rosters = new ArrayList<>();
        for (int rank = 0; rank < settings.worldSize + (settings.hasServer ? 1 : 0); rank++) {
            settings.rank = rank;
            settings.role = rank < settings.worldSize ? RendezvousConfig.Role.VOTER : RendezvousConfig.Role.SERVER;
            final Endpoint own = endpoint(rank);
            final Member member = Member.connect(settings.config());
            connected.add(member);
            rosters.add(jobs.executor.submit(() -> member.join(own)));
        }
        settings.rank = 0;
        settings.role = RendezvousConfig.Role.VOTER;
        jobs.members.addAll(connected);
        return rosters.stream().map(Jobs::get).toList();
    }

    /** What a future ends with. */
    static <T> T get(final Future<T> future) {
        try {
            return future.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException | TimeoutException e) {
            throw new AssertionError("no result", e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        }
    }

    /** All ranks join, one of them by hand. */
    static RawMember joinAllBut(final Jobs jobs, final Settings settings, final int rank) throws IOException {
        settings.port = jobs.coordinator.port();
        final List<Future<Roster>> rosters = new ArrayList<>();
        for (int i = 0; i < settings.worldSize; i++) {
            if (i != rank) {
                settings.rank = i;
                rosters.add(jobs.join(settings.config()));
            }
        }
        final RawMember raw = new RawMember(settings.port).join(settings, rank);
        assertInstanceOf(Welcome.class, raw.next());
        assertInstanceOf(Members.class, raw.next());
        rosters.forEach(Jobs::get);
        return raw;
    }

    /** Waits until something holds. */
    static void await(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "never: " + what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits for the failure that a member sees. */
    static Failure awaitFailure(final Member member) {
        await("a failure", () -> member.failure() != null);
        return member.failure();
    }

    /** Whether an error that contains these words was reported. */
    boolean hasReported(final String words) {
        return errors.stream().anyMatch(error -> error.getMessage().contains(words));
    }

    @Override
    public void close() {
        executor.shutdownNow();
        synchronized (members) {
            CloseHelper.closeAll(members);
        }
        coordinator.close();
    }
}
