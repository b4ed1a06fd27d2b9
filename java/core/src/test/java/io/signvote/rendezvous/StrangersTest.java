package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;

/** Connections from those who do not belong to the job, while it gathers and while it runs. */
class StrangersTest {
    private final long seed = Seeds.seed();

    @Test
    void shouldJoinAndRunAmidGarbage() throws Exception {
        final Settings settings = Settings.of(8);
        try (Jobs jobs = new Jobs(settings)) {
            final AtomicBoolean isDone = new AtomicBoolean();
            final AtomicInteger connections = new AtomicInteger();
            final List<Thread> vandals = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                final Random random = new Random(seed + i);
                final Thread vandal = new Thread(() -> vandalise(jobs.coordinator.port(), random, isDone, connections));
                vandal.setDaemon(true);
                vandal.start();
                vandals.add(vandal);
            }
            Jobs.await("garbage before", () -> connections.get() > 50);

            final List<Roster> rosters = Jobs.joinAll(jobs, settings);
            final int before = connections.get();
            Jobs.await("garbage after", () -> connections.get() > before + 100);

            assertEquals(8, rosters.get(7).members().size());
            for (final Member member : jobs.members) {
                assertNull(member.failure(), () -> "seed=" + seed);
            }
            isDone.set(true);
            for (final Thread vandal : vandals) {
                vandal.join(10_000);
            }
            final int all = connections.get();
            Jobs.await("all refused", () -> jobs.coordinator.refusedCount() >= all - 3);
            assertTrue(jobs.errors.size() <= 16, () -> jobs.errors.size() + " reports");
            jobs.members.get(2).fail(new Failure(Failure.Kind.ABORTED, List.of(2), "still working"));
            assertEquals("still working", Jobs.awaitFailure(jobs.members.get(7)).message());
        }
    }

    private static void vandalise(
            final int port, final Random random, final AtomicBoolean isDone, final AtomicInteger connections) {
        while (!isDone.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                connections.incrementAndGet();
                final byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                if (random.nextBoolean()) {
                    // a plausible length, so that the garbage is read as a message
                    bytes[0] = 40;
                    for (int i = 1; i < Math.min(4, bytes.length); i++) {
                        bytes[i] = 0;
                    }
                }
                if (random.nextInt(4) != 0) {
                    socket.getOutputStream().write(bytes);
                }
                if (random.nextBoolean()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (final IOException ignore) {
                // refused at once
            }
        }
    }

    @Test
    void shouldLetMembersInPastConnectionsThatSayNothing() throws IOException {
        final Settings settings = Settings.of(3);
        final List<Socket> idle = new ArrayList<>();
        try (Jobs jobs = new Jobs(settings)) {
            final int bound = 3 + CoordinatorLoop.SPARE_STRANGERS;
            for (int i = 0; i < 3 * bound; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), jobs.coordinator.port()));
            }
            Jobs.await("the oldest are let go", () -> jobs.coordinator.refusedCount() >= 2 * bound);

            Jobs.joinAll(jobs, settings);

            assertNull(jobs.members.get(0).failure());
            assertTrue(jobs.hasReported("more than " + bound + " connections had not proved themselves"));
        } finally {
            CloseHelper.closeAll(idle);
        }
    }

    @Test
    void shouldEndConnectionsThatTrickle() throws IOException {
        final Settings settings = Settings.of(2);
        settings.suspicionTimeoutMs = 600;
        try (Jobs jobs = new Jobs(settings);
                RawMember before = new RawMember(jobs.coordinator.port());
                RawMember between = new RawMember(jobs.coordinator.port()).greet(settings.secret)) {
            final byte[] promise = {40, 0, 0, 0};
            before.write(promise);
            between.write(promise);
            final Thread trickle = new Thread(() -> {
                try {
                    while (true) {
                        before.write(new byte[1]);
                        LockSupport.parkNanos(50_000_000);
                    }
                } catch (final IOException ended) {
                    // as it should be
                }
            });
            trickle.setDaemon(true);
            trickle.start();

            before.awaitClosed();
            between.awaitClosed();

            assertTrue(jobs.hasReported("did not prove itself in time"));
            assertEquals(2, Jobs.joinAll(jobs, settings).size());
        }
    }

    @Test
    void shouldRefuseFramesBeyondBoundBeforeTheyCome() throws IOException {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings)) {
            for (final int length : new int[] {0, -1, 41, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                try (RawMember raw = new RawMember(jobs.coordinator.port())) {
                    raw.write(new byte[] {
                        (byte) length, (byte) (length >> 8), (byte) (length >> 16), (byte) (length >> 24)
                    });
                    raw.awaitClosed();
                }
            }

            assertEquals(5, jobs.coordinator.refusedCount());
            assertTrue(jobs.hasReported("4294967295 bytes, at most 40 are expected"));
        }
    }

    @Test
    void shouldRefuseEveryMessageButJoinAsProof() throws IOException {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings);
                RawMember raw = new RawMember(jobs.coordinator.port()).greet(settings.secret)) {
            raw.send(ControlWriter.bye());
            raw.awaitClosed();

            assertEquals(1, jobs.coordinator.refusedCount());
            assertTrue(jobs.hasReported("expected a Join"));
        }
    }

    /** Whoever has sniffed a member's whole handshake says the same again, word for word, many times. */
    @Test
    void shouldRefuseReplayedHandshakes() throws IOException {
        final Settings settings = Settings.of(2);
        final int replays = 50;
        try (Jobs jobs = new Jobs(settings);
                RawMember sniffed = new RawMember(jobs.coordinator.port()).greet(settings.secret)) {
            final byte[] hello = ControlWriter.hello(new ControlMessage.Hello(new byte[Control.NONCE_LENGTH]));
            final byte[] join = sniffed.send(ControlWriter.join(new ControlMessage.Join(
                    1,
                    settings.worldSize,
                    settings.hasServer,
                    settings.role,
                    Jobs.endpoint(1),
                    settings.settings,
                    settings.job,
                    settings.build)));

            for (int i = 0; i < replays; i++) {
                try (RawMember replay = new RawMember(jobs.coordinator.port())) {
                    replay.writeFrame(hello);
                    replay.readFrame();
                    replay.writeFrame(join);
                    replay.awaitClosed();
                }
            }

            assertEquals(replays, jobs.coordinator.refusedCount());
            assertNull(jobs.coordinator.failure());
        }
    }
}
