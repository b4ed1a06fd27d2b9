package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A coordinator that closes while ranks may still come. */
class FarewellTest {
    @Test
    void shouldSayAtTheDeadlineThatCoordinatorClosed() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 1500;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> waiting = jobs.join(settings.config());
            Jobs.await("rank 0 has come", () -> jobs.coordinator.presentCount() == 1);

            jobs.coordinator.close();

            final RendezvousException e = assertThrows(RendezvousException.class, () -> Jobs.get(waiting));
            assertTrue(
                    e.getMessage()
                            .startsWith("rank 0: waited 1.5 s for a place in the job, the last answer of 127.0.0.1:"
                                    + settings.port + ": the coordinator closed before everyone had come"),
                    e.getMessage());
            assertTrue(e.getMessage().contains("; since then 127.0.0.1:" + settings.port + " was not reached: "));
        }
    }

    /** Whether a rank comes just before or just after that, it must learn the same. */
    @Test
    void shouldTellWhoComesLaterWhyRank0GaveUp() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            giveUp(jobs, settings);
            final Future<Roster> waiting = jobs.join(settings.config());
            Jobs.await("rank 1 has come", () -> jobs.coordinator.presentCount() == 1);

            jobs.coordinator.close();

            assertToldOfGivingUp(waiting);
        }
    }

    /** Its connection stands, and it has not asked for a place when the coordinator closes. */
    @Test
    void shouldTellWhoDialledBeforeTheEndWhyRank0GaveUp() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings, () -> 0)) { // so that the farewell lasts until all have gone
            giveUp(jobs, settings);
            final Member late = Member.connect(settings.config());
            jobs.members.add(late);

            jobs.closeWithoutWaiting();

            Jobs.await("the port is free", () -> !isListening(settings.port));
            assertToldOfGivingUp(jobs.join(late, 1));
        }
    }

    /** It knows the reason, and rank 0 may start again. */
    @Test
    void shouldNotTellTwiceWhyRank0GaveUp() {
        final Settings settings = Settings.of(3);
        settings.joinTimeoutMs = 5000;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.rank = 1;
            final Future<Roster> first = jobs.join(settings.config());
            Jobs.await("rank 1 has come", () -> jobs.coordinator.presentCount() == 1);
            settings.rank = 0;
            giveUp(jobs, settings);
            assertThrows(RendezvousException.class, () -> Jobs.get(first));
            final Future<Roster> second = jobs.join(settings.config());
            Jobs.await("rank 1 has come again", () -> jobs.coordinator.presentCount() == 1);

            jobs.coordinator.close();

            final String message = assertThrows(RendezvousException.class, () -> Jobs.get(second))
                    .getMessage();
            assertMessage(
                    message,
                    "waited 5.0 s for a place in the job, the last answer of ",
                    ": the coordinator closed before everyone had come: rank 0, or");
        }
    }

    @Test
    void shouldNotTellOfAJobThatWasCancelledLongAgo() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 4000;
        final AtomicLong nowNs = new AtomicLong();
        try (Jobs jobs = new Jobs(settings, nowNs::get)) {
            giveUp(jobs, settings);
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(settings.suspicionTimeoutMs + 1));
            final Member late = Member.connect(settings.config());
            jobs.members.add(late);

            jobs.closeWithoutWaiting();

            Jobs.await("the port is free", () -> !isListening(settings.port));
            final String message = assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(late, 1)))
                    .getMessage();
            assertMessage(message, ": the coordinator closed before everyone had come: rank 0, or");
        }
    }

    /** A mistake of a rank that came first, before anyone gathered. */
    @Test
    void shouldTellOfAMistakeThatNobodyHasMended() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings, () -> 0)) {
            settings.port = jobs.coordinator.port();
            settings.worldSize = 2;
            final Future<Roster> mistaken = jobs.join(settings.config());
            assertThrows(RendezvousException.class, () -> Jobs.get(mistaken));
            settings.worldSize = 3;
            settings.rank = 1;
            final Member late = Member.connect(settings.config());
            jobs.members.add(late);

            jobs.closeWithoutWaiting();

            Jobs.await("the port is free", () -> !isListening(settings.port));
            final RendezvousException e = assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(late, 1)));
            assertMessage(e, "rank 0 at 127.0.0.1:", " expects worldSize=2, the coordinator expects");
        }
    }

    @Test
    void shouldRefuseWhoBelongsToNoSuchJobAlsoAtTheEnd() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings, () -> 0)) { // so that the farewell lasts until all have gone
            giveUp(jobs, settings);
            settings.worldSize = 2;
            final Member other = Member.connect(settings.config());
            jobs.members.add(other);

            jobs.closeWithoutWaiting();

            Jobs.await("the port is free", () -> !isListening(settings.port));
            final RendezvousException e = assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(other, 1)));
            assertMessage(e, "expects worldSize=2, the coordinator expects worldSize=3");
            assertFalse(e.isRetryable());
        }
    }

    private static void giveUp(final Jobs jobs, final Settings settings) {
        settings.port = jobs.coordinator.port();
        try (Member member = Member.connect(settings.config())) {
            member.giveUp("its port is taken");
        }
        Jobs.await("the job is cancelled", () -> jobs.hasReported("rank 0 gave up: its port is taken"));
        Jobs.await("nobody is in", () -> jobs.coordinator.presentCount() == 0);
        settings.rank = 1;
    }

    private static void assertToldOfGivingUp(final Future<Roster> waiting) {
        final RendezvousException e = assertThrows(RendezvousException.class, () -> Jobs.get(waiting));
        assertTrue(e.getMessage().startsWith("rank 1: rank 0 gave up: its port is taken; came: "), e.getMessage());
        assertTrue(e.getMessage().matches(".*; the coordinator closed \\d+\\.\\d+ s later"), e.getMessage());
        assertEquals(List.of(0), e.ranks());
    }

    private static boolean isListening(final int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (final IOException e) {
            return false;
        }
    }
}
