package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member says that a link of its own is dead; the coordinator judges whether a process is to blame instead. */
class SuspicionTest {
    private static final Failure SUSPICION = new Failure(Failure.Kind.LINK_LOST, List.of(0, 2), "nothing arrives");

    @Test
    void shouldFailTheJobWhereBothEndsLive() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            Jobs.await("both ends were heard for long enough", () -> {
                jobs.members.get(0).suspect(SUSPICION);
                return jobs.members.get(1).failure() != null;
            });

            for (final Member member : jobs.members) {
                assertEquals(SUSPICION, Jobs.awaitFailure(member));
            }
        }
    }

    /** The dead link has lost the last frames of rank 2, and rank 0 waits for them. */
    @Test
    void shouldFailTheJobIfTheOtherEndHasLeft() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            jobs.members.get(2).close();

            Jobs.await("the end that is left was heard for long enough", () -> {
                jobs.members.get(0).suspect(SUSPICION);
                return jobs.members.get(1).failure() != null;
            });

            for (final int rank : new int[] {0, 1}) {
                final Failure failure = Jobs.awaitFailure(jobs.members.get(rank));
                assertEquals(Failure.Kind.LINK_LOST, failure.kind());
                assertEquals(List.of(0, 2), failure.ranks());
                assertEquals("nothing arrives; rank 2 has closed its communicator since", failure.message());
            }
        }
    }

    @Test
    void shouldBlameTheEndThatIsSilent() throws IOException {
        final Settings settings = Settings.of(2);
        settings.suspicionTimeoutMs = 1000;
        try (Jobs jobs = new Jobs(settings);
                RawMember silent = Jobs.joinAllBut(jobs, settings, 1)) {
            final Member zero = jobs.members.get(0);
            Jobs.await("the job has failed", () -> {
                zero.suspect(new Failure(Failure.Kind.LINK_LOST, List.of(0, 1), "nothing arrives"));
                return zero.failure() != null;
            });

            assertEquals(Failure.Kind.PEER_SILENT, zero.failure().kind());
            assertEquals(List.of(1), zero.failure().ranks());
            assertEquals(new Failed(zero.failure()), silent.next());
        }
    }

    /** After a pause the first heartbeat may come before the first sign of life on the link. */
    @Test
    void shouldWaitForAWhileAfterAPause() {
        final Caller caller = new Caller(null, null, 0, 3_000);
        for (long ms = 10_000; ms <= 20_000; ms += 2_000) {
            caller.onHeard(ms);
        }
        assertTrue(caller.isSteady(6_000, 22_000));
        assertFalse(caller.isSteady(6_000, 23_001));

        caller.onHeard(29_000);
        assertFalse(caller.isSteady(6_000, 29_000));
        caller.onHeard(31_000);
        caller.onHeard(33_000);
        assertFalse(caller.isSteady(6_000, 34_999));
        assertTrue(caller.isSteady(6_000, 35_000));
    }

    @Test
    void shouldCloseConnectionOnSuspicionOfALinkOfOthers() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings);
                RawMember raw = Jobs.joinAllBut(jobs, settings, 1)) {
            raw.send(ControlWriter.failed(new Failed(SUSPICION)));

            final Failure failure = Jobs.awaitFailure(jobs.members.get(0));

            assertEquals(Failure.Kind.PEER_DIED, failure.kind());
            assertEquals(List.of(1), failure.ranks());
            assertMessage(failure.message(), "suspects a link of ranks=[0, 2]");
        }
    }
}
