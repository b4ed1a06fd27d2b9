package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.CloseHelper;
import org.agrona.LangUtil;
import org.junit.jupiter.api.Test;

/** Nothing that one connection does ends the coordinator. */
class EndureTest {
    private static final int TRIES = 200;

    @Test
    void shouldOutliveResetsRightAfterJoinWhileIdle() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            resetOften(jobs, settings);

            assertMeet(jobs, settings);
        }
    }

    @Test
    void shouldOutliveResetsRightAfterJoinWhileGathering() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            for (int i = 0; i < 4; i++) {
                final Future<Roster> zero = jobs.join(settings.config());
                Jobs.await("rank 0 has come or was told", () -> zero.isDone() || jobs.coordinator.presentCount() > 0);
                resetOften(jobs, settings);
            }

            assertMeet(jobs, settings);
        }
    }

    @Test
    void shouldOutliveResetsRightAfterJoinWhileRunning() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            resetOften(jobs, settings);

            assertNull(jobs.coordinator.failure());
            assertMeet(jobs, settings);
        }
    }

    private static void resetOften(final Jobs jobs, final Settings settings) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            final RawMember doomed = new RawMember(jobs.coordinator.port());
            doomed.join(settings, 1);
            doomed.reset();
        }
    }

    @Test
    void shouldTakeJoinAndByeInOneForNoFault() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            for (int i = 0; i < TRIES; i++) {
                try (RawMember brief = new RawMember(jobs.coordinator.port())) {
                    brief.joinAndLeave(settings, 1);
                }
            }

            assertMeet(jobs, settings);
            assertEquals(0, jobs.coordinator.refusedCount(), jobs.errors::toString);
        }
    }

    @Test
    void shouldOutliveHandlerThatThrows() throws IOException {
        final Settings settings = Settings.of(1);
        try (Coordinator coordinator = Coordinator.start(settings.config(), LangUtil::rethrowUnchecked)) {
            try (RawMember stranger = new RawMember(coordinator.port())) {
                stranger.write(new byte[64]);
                stranger.awaitClosed();
            }

            settings.port = coordinator.port();
            try (Member member = Member.connect(settings.config())) {
                assertEquals(1, member.join(Jobs.endpoint(0)).worldSize());
            }
        }
    }

    /** A fault of the coordinator itself, whatever it is: here its clock throws. */
    @Test
    void shouldEndOneJobAndServeTheNextAfterFaultOfItsOwn() throws Exception {
        final Settings settings = Settings.of(1);
        final AtomicReference<RuntimeException> fault = new AtomicReference<>();
        final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        try (Coordinator coordinator = Coordinator.start(settings.config(), errors::add, () -> {
            final RuntimeException now = fault.getAndSet(null);
            if (now != null) {
                throw now;
            }
            return System.nanoTime();
        })) {
            settings.port = coordinator.port();
            for (int i = 0; i < 20; i++) {
                try (Member member = Member.connect(settings.config())) {
                    member.join(Jobs.endpoint(0));
                    fault.set(new IllegalStateException("a fault for a test"));

                    final Failure failure = Jobs.awaitFailure(member);

                    assertEquals(Failure.Kind.COORDINATOR_LOST, failure.kind());
                    assertMessage(failure.message(), "a fault for a test");
                }
            }
            fault.set(new IllegalStateException("while nobody is there"));
            Jobs.await("reported", () -> errors.size() == 21);
            try (Member member = Member.connect(settings.config())) {
                assertEquals(1, member.join(Jobs.endpoint(0)).worldSize());
            }
        }
    }

    /** The host of a coordinator may vanish, or another process take its port, between our Hello and the answer. */
    @Test
    void shouldDialAgainWhereNothingAnswersHello() throws Exception {
        final Settings settings = Settings.of(1);
        settings.suspicionTimeoutMs = 300;
        final CountDownLatch greeted = new CountDownLatch(1);
        final CountDownLatch isOver = new CountDownLatch(1);
        final FakeCoordinator mute = new FakeCoordinator(fake -> {
            fake.read();
            greeted.countDown();
            awaitQuietly(isOver);
        });
        settings.port = mute.port();
        final FutureTask<Roster> joining = new FutureTask<>(() -> {
            try (Member member = Member.connect(settings.config())) {
                return member.join(Jobs.endpoint(0));
            }
        });
        final Thread thread = new Thread(joining, "rank");
        thread.setDaemon(true);
        thread.start();
        assertTrue(greeted.await(Jobs.PATIENCE_NS, TimeUnit.NANOSECONDS));
        mute.close();

        final Settings real = Settings.of(1);
        real.port = settings.port;
        final List<Throwable> errors = new ArrayList<>();
        try (Coordinator coordinator = Coordinator.start(real.config(), errors::add)) {
            assertEquals(settings.port, coordinator.port());
            assertEquals(1, Jobs.get(joining).worldSize());
        } finally {
            isOver.countDown();
        }
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All meet, whatever became of those who joined before. */
    private static void assertMeet(final Jobs jobs, final Settings settings) {
        synchronized (jobs.members) {
            CloseHelper.closeAll(jobs.members);
            jobs.members.clear();
        }
        Jobs.await("nobody is left", () -> jobs.coordinator.presentCount() == 0);
        assertEquals(settings.worldSize, Jobs.joinAll(jobs, settings).size());
        assertTrue(!jobs.hasReported("serves no more job"), jobs.errors::toString);
    }
}
