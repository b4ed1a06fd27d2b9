package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Callers whose configuration does not fit: whom their mistake ends, and how often. */
class MistakeTest {
    @Test
    void shouldTellEachRankOfMistakeThatCameFirst() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            assertDismissed(strayJoin(settings, 2));

            for (int rank = 0; rank < 2; rank++) {
                settings.rank = rank;
                assertTrue(failureOf(jobs.join(settings.config())).contains("rank 2 at 127.0.0.1:"));
            }
        }
    }

    /** Somebody starts one stale process again and again. */
    @Test
    void shouldMeetWhileStrayComesAgainAndAgain() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            for (int i = 0; i < 40; i++) {
                assertDismissed(strayJoin(settings, 1));
            }
            for (int rank = 0; rank < 3; rank++) {
                settings.rank = rank;
                if (rank != 1) {
                    failureOf(jobs.join(settings.config())); // each is told once
                }
            }

            settings.rank = 0;
            final Future<Roster> zero = jobs.join(settings.config());
            Jobs.await("rank 0 has come", () -> jobs.coordinator.presentCount() == 1);
            assertDismissed(strayJoin(settings, 1));
            settings.rank = 1;
            final Future<Roster> one = jobs.join(settings.config());
            Jobs.await("rank 1 has come", () -> jobs.coordinator.presentCount() == 2);
            assertDismissed(strayJoin(settings, 1));
            settings.rank = 2;

            final Roster roster = Jobs.get(jobs.join(settings.config()));
            assertEquals(roster, Jobs.get(zero));
            assertEquals(roster, Jobs.get(one));
        }
    }

    /** A stray between two jobs must not make a launcher take the last job for a failed one. */
    @Test
    void shouldNotCountStrayAsJob() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            jobs.members.forEach(Member::close);
            Jobs.await("the job is over", () -> jobs.coordinator.progress() == Coordinator.Progress.OVER);

            assertDismissed(strayJoin(settings, 1));

            assertEquals(Coordinator.Progress.OVER, jobs.coordinator.progress());
        }
    }

    /** Those who come again have been told and mended: others who come with them are not told of the past. */
    @Test
    void shouldForgetMistakeWhenOneThatWasToldComesAgain() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            assertDismissed(strayJoin(settings, 1));

            settings.rank = 1;
            final Future<Roster> mended = jobs.join(settings.config());
            Jobs.await("rank 1 has come", () -> jobs.coordinator.presentCount() == 1);
            settings.rank = 0;
            final Future<Roster> zero = jobs.join(settings.config());
            settings.rank = 2;
            final Roster roster = Jobs.get(jobs.join(settings.config()));

            assertEquals(roster, Jobs.get(mended));
            assertEquals(roster, Jobs.get(zero));
        }
    }

    @Test
    void shouldNameMistakeAtJoinDeadline() throws IOException {
        final Settings settings = Settings.of(3);
        settings.joinTimeoutMs = 3_000;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            assertDismissed(strayJoin(settings, 1));
            settings.joinTimeoutMs = 20_000;
            failureOf(jobs.join(settings.config()));

            final String told = failureOf(jobs.join(settings.config()));

            assertMessage(
                    told,
                    "not everyone came within 3.0 s",
                    "rank 1 at 127.0.0.1:",
                    "expects worldSize=9, the coordinator expects worldSize=3");
        }
    }

    @Test
    void shouldTakeJobThatAllGaveUpForFailed() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            jobs.members.forEach(Member::close);
            Jobs.await("the job is over", () -> jobs.coordinator.progress() == Coordinator.Progress.OVER);

            try (RawMember impatient = new RawMember(settings.port).join(settings, 1)) {
                impatient.next();
                impatient.send(ControlWriter.failed(
                        new Failed(new Failure(Failure.Kind.TIMEOUT, List.of(1), "waited long enough"))));
                assertInstanceOf(Cancelled.class, impatient.next());
            }

            Jobs.await("failed", () -> jobs.coordinator.progress() == Coordinator.Progress.FAILED);
            assertEquals(0, jobs.coordinator.startNs());
        }
    }

    /** A joiner writes to the log and to the terminal of whoever hosts the coordinator. */
    @Test
    void shouldTakeOrdersToTerminalsOutOfWhatJoinersSay() throws IOException {
        final String evil = "\u001b[2J\u009b31m\r\nsignvote run: all is well\u2028\u202e";
        final Settings settings = Settings.of(2);
        settings.build = "1";
        settings.job = "j";
        try (Jobs jobs = new Jobs(settings);
                RawMember good = new RawMember(jobs.coordinator.port())) {
            for (int i = 0; i < 3; i++) {
                try (RawMember bad = new RawMember(jobs.coordinator.port()).greet(settings.secret)) {
                    bad.send(ControlWriter.join(new Join(
                            1,
                            2,
                            false,
                            RendezvousConfig.Role.VOTER,
                            Jobs.endpoint(1),
                            settings.settings + (i == 2 ? evil : ""),
                            settings.job + (i == 0 ? evil : ""),
                            settings.build + (i == 1 ? evil : ""))));
                    bad.next();
                    if (i == 2) {
                        assertInstanceOf(Cancelled.class, good.join(settings, 0).next());
                    }
                }
            }

            Jobs.await("reported", () -> jobs.errors.size() >= 3);
            assertEquals(3, jobs.errors.size(), jobs.errors::toString);
            for (final Throwable error : jobs.errors) {
                assertMessage(error, "signvote run: all is well");
                assertFalse(error.getMessage().matches("(?s).*[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}].*"), error.getMessage());
            }
        }
    }

    @Test
    void shouldBoundReportsThatMistakesCause() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            for (int i = 0; i < 60; i++) {
                settings.worldSize = 3 + i;
                try (RawMember stray = new RawMember(jobs.coordinator.port()).join(settings, 1)) {
                    stray.next();
                }
            }

            assertEquals(16, jobs.errors.size());
            settings.worldSize = 2;
            settings.rank = 0;
            failureOf(jobs.join(settings.config()));
            assertEquals(2, Jobs.joinAll(jobs, settings).size());
            jobs.members.forEach(Member::close);
            Jobs.await("the job is over", () -> jobs.coordinator.progress() == Coordinator.Progress.OVER);
            assertDismissed(strayJoin(settings, 1));
            assertTrue(jobs.hasReported("expects worldSize=9, the coordinator expects worldSize=2"));
        }
    }

    private static Cancelled strayJoin(final Settings settings, final int rank) throws IOException {
        final int worldSize = settings.worldSize;
        settings.worldSize = 9;
        try (RawMember stray = new RawMember(settings.port).join(settings, rank)) {
            return assertInstanceOf(Cancelled.class, stray.next());
        } finally {
            settings.worldSize = worldSize;
        }
    }

    private static void assertDismissed(final Cancelled cancelled) {
        assertMessage(cancelled.message(), "expects worldSize=9");
    }

    private static String failureOf(final Future<Roster> future) {
        return assertThrows(RendezvousException.class, () -> Jobs.get(future)).getMessage();
    }
}
