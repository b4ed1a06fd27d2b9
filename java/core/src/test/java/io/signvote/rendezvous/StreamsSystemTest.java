package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Context;
import io.signvote.error.AbortedException;
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
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of {@code Communicator.connect} when a rank fails between the roster and its streams, or is interrupted. */
@Tag("system")
class StreamsSystemTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int HITS = 3;
    private static final int MOST_TRIES = 40;

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
            assertMessage(e, "rank 1 at 127.0.0.1:", "closed its control connection without a BYE");
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

            one.send(ControlWriter.failed(
                    new Failed(new Failure(Failure.Kind.ABORTED, List.of(1), "no memory for streams"))));

            final AbortedException e = assertThrows(AbortedException.class, () -> Jobs.get(zero));
            assertEquals(List.of(1), e.ranks());
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
            assertEquals(List.of(0), told.ranks());
            assertMessage(told.message(), "interrupted while it waited for streams");
        }
    }

    private static boolean isWaitingForStreams(final Thread thread) {
        return isIn(thread, "AeronNode.awaitConnected");
    }

    private static boolean isIn(final Thread thread, final String frame) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(on -> (on.getClassName() + "." + on.getMethodName()).endsWith("." + frame));
    }

    /** Also inside of calls of the driver, which throw what nobody declares. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Member.connect",
                "AeronNode.open",
                "DriverLauncher.launch",
                "MediaDriver$Context.conclude",
                "AeronNode.connectClient",
                "Member.join"
            })
    void shouldLeaveNothingBehindWhenInterruptedBeforeTheRoster(final String frame) throws Exception {
        final int port = freePort();
        final long directories = directories();
        final long threads = threads();
        int hits = 0;
        for (int i = 0; i < MOST_TRIES && hits < HITS; i++) {
            final FutureTask<Communicator> zero = connecting(port, Configuration.Host.RANK0);
            hits += interruptIn(frame, zero, "Member.join") ? 1 : 0;

            final VoteException e = assertThrows(VoteException.class, () -> Jobs.get(zero));

            assertFalse(e.getMessage().contains("cannot listen"), e.getMessage());
            assertNothingLeft(directories, threads);
        }
        assertEquals(HITS, hits, "interrupts in " + frame);
    }

    /** Rank 1 has come: the streams towards it are being made, or stand on our side. */
    @ParameterizedTest
    @ValueSource(strings = {"AeronNode.connect", "AeronNode.link", "AeronNode.awaitConnected"})
    void shouldLeaveNothingBehindWhenInterruptedAfterTheRoster(final String frame) throws Exception {
        final long directories = directories();
        final long threads = threads();
        int hits = 0;
        for (int i = 0; i < MOST_TRIES && hits < HITS; i++) {
            try (Jobs jobs = new Jobs(settings);
                    RawMember one = new RawMember(jobs.coordinator.port()).join(settings, 1)) {
                assertInstanceOf(Welcome.class, one.next());
                final FutureTask<Communicator> zero = connecting(jobs.coordinator.port(), Configuration.Host.EXTERNAL);
                hits += interruptIn(frame, zero, "AeronNode.awaitConnected") ? 1 : 0;

                assertThrows(VoteException.class, () -> Jobs.get(zero));

                assertInstanceOf(Members.class, one.next());
                assertInstanceOf(Failed.class, one.next());
            }
            assertNothingLeft(directories, threads);
        }
        assertEquals(HITS, hits, "interrupts in " + frame);
    }

    /** Interrupts the thread of a task in one frame; where that has passed unseen, in the last that waits. */
    private static boolean interruptIn(final String frame, final FutureTask<Communicator> task, final String last) {
        final Thread thread = start(task);
        final long deadlineNs = System.nanoTime() + Jobs.PATIENCE_NS;
        while (true) {
            final boolean isHit = isIn(thread, frame);
            if (isHit || isIn(thread, last)) {
                thread.interrupt();
                return isHit;
            }
            assertTrue(System.nanoTime() - deadlineNs < 0 && !task.isDone(), "neither " + frame + " nor " + last);
            Thread.onSpinWait();
        }
    }

    private static void assertNothingLeft(final long directories, final long threads) throws IOException {
        Jobs.await("threads end", () -> threads() <= threads);
        assertEquals(directories, directories());
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
