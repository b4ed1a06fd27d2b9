package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.concurrent.Future;
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
