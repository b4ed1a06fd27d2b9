package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Context;
import io.signvote.error.PeerLostException;
import io.signvote.error.RendezvousException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of {@code Communicator.connect} when a rank fails between the roster and its streams, or is interrupted. */
@Tag("system")
class StreamsSystemTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private final long seed = Seeds.seed();
    private final Settings settings = Settings.of(2);

    StreamsSystemTest() {
        settings.secret = null;
        settings.settings = "plan=SHARDED,seed=0,zeros=RANDOM,ties=RANDOM,credit=0";
        settings.job = "";
    }

    @Test
    void shouldSayAtOnceThatRankDiedBeforeItsStreamsStood() throws Exception {
        try (Jobs jobs = new Jobs(settings);
                RawMember one = new RawMember(jobs.coordinator.port()).join(settings, 1)) {
            assertInstanceOf(Welcome.class, one.next());
            final FutureTask<Communicator> zero = connecting(jobs.coordinator.port(), Configuration.Host.EXTERNAL);
            start(zero);
            assertInstanceOf(Members.class, one.next());

            one.socket.close();

            final PeerLostException e = assertThrows(PeerLostException.class, () -> Jobs.get(zero));
            assertTrue(e.getMessage().contains("rank 1 at 127.0.0.1:"), e.getMessage());
            assertTrue(e.getMessage().contains("closed its control connection without a BYE"), e.getMessage());
        }
    }

    @Test
    void shouldSayAtOnceThatRankFailedByItself() throws Exception {
        try (Jobs jobs = new Jobs(settings);
                RawMember one = new RawMember(jobs.coordinator.port()).join(settings, 1)) {
            assertInstanceOf(Welcome.class, one.next());
            final FutureTask<Communicator> zero = connecting(jobs.coordinator.port(), Configuration.Host.EXTERNAL);
            start(zero);
            assertInstanceOf(Members.class, one.next());

            one.send(ControlWriter.failed(new Failed(new Failure(Failure.Kind.ABORTED, 1, "no memory for streams"))));

            final PeerLostException e = assertThrows(PeerLostException.class, () -> Jobs.get(zero));
            assertEquals("no memory for streams", e.getMessage());
        }
    }

    @Test
    void shouldEndConnectWhenInterruptedAndTellTheOthers() throws Exception {
        try (Jobs jobs = new Jobs(settings);
                RawMember one = new RawMember(jobs.coordinator.port()).join(settings, 1)) {
            assertInstanceOf(Welcome.class, one.next());
            final FutureTask<Communicator> zero = connecting(jobs.coordinator.port(), Configuration.Host.EXTERNAL);
            final Thread thread = start(zero);
            assertInstanceOf(Members.class, one.next());
            Jobs.await("it waits for streams", () -> isWaitingForStreams(thread));

            thread.interrupt();

            final RendezvousException e = assertThrows(RendezvousException.class, () -> Jobs.get(zero));
            assertTrue(e.getMessage().startsWith("interrupted while it waited for streams"), e.getMessage());
            final Failure told = assertInstanceOf(Failed.class, one.next()).failure();
            assertEquals(0, told.culprit());
            assertTrue(told.message().contains("interrupted while it waited for streams"), told.message());
        }
    }

    private static boolean isWaitingForStreams(final Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitConnected"));
    }

    /** Interrupts come at any moment of connect(), also inside of calls of the driver that throw what nobody declares. */
    @Test
    void shouldLeaveNothingBehindWhenInterruptedAnywhere() throws Exception {
        final int port = freePort();
        final Random random = new Random(seed);
        final long directories = directories();
        final long threads = threads();
        for (int i = 0; i < 40; i++) {
            final FutureTask<Communicator> zero = connecting(port, Configuration.Host.RANK0);
            final Thread thread = start(zero);
            LockSupport.parkNanos(random.nextInt(500) * 1_000_000L);
            thread.interrupt();
            final VoteException e = assertThrows(VoteException.class, () -> Jobs.get(zero));
            assertTrue(!e.getMessage().contains("cannot listen"), "seed=" + seed + " i=" + i + ": " + e.getMessage());
            thread.join(TimeUnit.SECONDS.toMillis(20));
            Jobs.await("seed=" + seed + " i=" + i + " threads end", () -> threads() <= threads);
        }

        assertEquals(directories, directories(), "seed=" + seed);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("signvote-"))
                .count();
    }

    private static long directories() throws IOException {
        try (Stream<Path> entries = Files.list(SHARED_MEMORY)) {
            final String ours = "-" + ProcessHandle.current().pid() + "-";
            return entries.filter(entry -> entry.getFileName().toString().contains(ours))
                    .count();
        }
    }

    private static FutureTask<Communicator> connecting(final int port, final Configuration.Host host) {
        return new FutureTask<>(() -> Communicator.connect(new Context()
                .rank(0)
                .worldSize(2)
                .masterAddress("127.0.0.1")
                .masterPort(port)
                .coordinator(host)
                .joinTimeoutNs(TimeUnit.SECONDS.toNanos(60))));
    }

    private static Thread start(final FutureTask<Communicator> task) {
        final Thread thread = new Thread(task, "rank 0");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
