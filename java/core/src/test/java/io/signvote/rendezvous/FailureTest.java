package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void shouldTellAllOthersThatRankDied() throws IOException {
        final Settings settings = Settings.of(5);
        try (Jobs jobs = new Jobs(settings)) {
            final RawMember doomed = Jobs.joinAllBut(jobs, settings, 3);
            final long startNs = System.nanoTime();

            doomed.close();

            for (final Member member : jobs.members) {
                final Failure failure = Jobs.awaitFailure(member);
                assertEquals(Failure.Kind.PEER_DIED, failure.kind());
                assertEquals(List.of(3), failure.ranks());
                assertTrue(failure.message().startsWith("rank 3 at 127.0.0.1:"), failure.message());
                assertMessage(failure.message(), "without a BYE: its process has died");
            }
            final long elapsedNs = System.nanoTime() - startNs;
            assertTrue(elapsedNs < 2_000_000_000L, () -> "took " + elapsedNs + " ns");
            assertEquals(jobs.members.get(0).failure(), jobs.coordinator.failure());
        }
    }

    @Test
    void shouldTellAllOthersThatRankResetItsConnection() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final RawMember doomed = Jobs.joinAllBut(jobs, settings, 1);
            doomed.socket.setSoLinger(true, 0);

            doomed.close();

            for (final Member member : jobs.members) {
                assertEquals(Failure.Kind.PEER_DIED, Jobs.awaitFailure(member).kind());
                assertEquals(List.of(1), member.failure().ranks());
            }
        }
    }

    @Test
    void shouldTellEveryoneThatRankIsSilent() throws IOException {
        final Settings settings = Settings.of(4);
        settings.heartbeatIntervalMs = 100;
        settings.suspicionTimeoutMs = 2000;
        try (Jobs jobs = new Jobs(settings);
                RawMember silent = Jobs.joinAllBut(jobs, settings, 2)) {
            final long startNs = System.nanoTime();

            final Failure failure = Jobs.awaitFailure(jobs.members.get(0));

            final long elapsedNs = System.nanoTime() - startNs;
            assertEquals(Failure.Kind.PEER_SILENT, failure.kind());
            assertEquals(List.of(2), failure.ranks());
            assertMessage(failure.message(), "was silent for more than 2.0 s");
            assertTrue(elapsedNs < 8_000_000_000L, () -> "took " + elapsedNs + " ns");
            for (final Member member : jobs.members) {
                assertEquals(failure, Jobs.awaitFailure(member));
            }
            assertEquals(new Failed(failure), silent.next());
            silent.awaitClosed();
        }
    }

    @Test
    void shouldTellEveryoneWhatMemberSaysFirst() {
        final Settings settings = Settings.of(8);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            for (int rank = 0; rank < 8; rank++) {
                jobs.members
                        .get(rank)
                        .fail(new Failure(Failure.Kind.MISMATCH, List.of(rank), "rank " + rank + " says so"));
            }

            final Failure first = Jobs.awaitFailure(jobs.members.get(0));
            assertEquals(Failure.Kind.MISMATCH, first.kind());
            assertEquals("rank " + first.ranks().get(0) + " says so", first.message());
            for (final Member member : jobs.members) {
                assertEquals(first, Jobs.awaitFailure(member));
            }
            jobs.members.get(5).close();
            assertEquals(first, jobs.members.get(1).failure());
            assertEquals(first, jobs.members.get(5).failure());
        }
    }

    @Test
    void shouldClipLongFailureMessages() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            jobs.members
                    .get(1)
                    .fail(new Failure(
                            Failure.Kind.ABORTED, List.of(1), "long \u00e9\u6f22\ud83d\ude00\n".repeat(10_000)));

            final Failure failure = Jobs.awaitFailure(jobs.members.get(0));
            assertTrue(Control.fits(failure.message(), Control.MAX_FAILURE_LENGTH));
            assertTrue(failure.message().startsWith("long \u00e9\u6f22\ud83d\ude00 long"), failure.message());
            assertTrue(failure.message().endsWith("..."), failure.message());
        }
    }

    @Test
    void shouldNotTakeGoodbyeForDeath() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final RawMember leaving = Jobs.joinAllBut(jobs, settings, 1);

            leaving.send(ControlWriter.bye());
            leaving.close();
            Jobs.await("departure", () -> jobs.coordinator.presentCount() == 2);
            final Failure later = new Failure(Failure.Kind.TIMEOUT, List.of(), "something else");
            jobs.members.get(0).fail(later);

            assertEquals(later, Jobs.awaitFailure(jobs.members.get(1)));
            assertEquals(later, jobs.coordinator.failure());
        }
    }

    @Test
    void shouldTellMembersThatCoordinatorIsGone() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            jobs.coordinator.close();

            for (final Member member : jobs.members) {
                final Failure failure = Jobs.awaitFailure(member);
                assertEquals(Failure.Kind.COORDINATOR_LOST, failure.kind());
                assertEquals(List.of(), failure.ranks());
                assertTrue(
                        failure.message()
                                .startsWith("the coordinator 127.0.0.1:" + settings.port
                                        + " (rank 0's process, or the launcher) closed"),
                        failure.message());
            }
        }
    }

    @Test
    void shouldSuspectSilentCoordinator() throws IOException {
        final Settings settings = Settings.of(1);
        try (FakeCoordinator coordinator = new FakeCoordinator(FailureTest::start)) {
            settings.port = coordinator.port();
            try (Member member = Member.connect(settings.config())) {
                member.join(Jobs.endpoint(0));

                final Failure failure = Jobs.awaitFailure(member);

                assertEquals(Failure.Kind.COORDINATOR_LOST, failure.kind());
                assertMessage(failure.message(), "(rank 0's process, or the launcher) was silent for more than 0.5 s");
            }
        }
    }

    @Test
    void shouldRefuseToBlameARankOutsideTheJob() throws IOException {
        final byte[] blame = ControlWriter.failed(new Failed(new Failure(Failure.Kind.ABORTED, List.of(1), "who?")));
        final Settings settings = Settings.of(1);
        try (FakeCoordinator coordinator =
                new FakeCoordinator(fake -> fake.write(blame, start(fake).tag(blame)))) {
            settings.port = coordinator.port();
            try (Member member = Member.connect(settings.config())) {
                member.join(Jobs.endpoint(0));

                final Failure failure = Jobs.awaitFailure(member);

                assertEquals(Failure.Kind.COORDINATOR_LOST, failure.kind());
                assertMessage(failure.message(), "ranks=[1] of a job with members=1");
            }
        }
    }

    /** Starts a job of one rank, which hears nothing more. */
    private static Seal start(final FakeCoordinator fake) throws IOException {
        final byte[] hello = fake.read();
        final byte[] challenge = ControlWriter.challenge(new Challenge(new byte[Control.NONCE_LENGTH]));
        fake.write(challenge);
        fake.read();
        final Seal seal = Seal.fromCoordinator(Jobs.SECRET, hello, challenge);
        final byte[] welcome = ControlWriter.welcome(new Welcome(100_000_000L, 500_000_000L));
        fake.write(welcome, seal.tag(welcome));
        final byte[] members = ControlWriter.members(new Members(new Roster(7, 1, 1, List.of(Jobs.endpoint(0)))));
        fake.write(members, seal.tag(members));
        return seal;
    }

    @Test
    void shouldCloseConnectionOnReplayedFrame() throws IOException {
        shouldFailWith("fails its check", raw -> {
            final byte[] frame = raw.send(ControlWriter.heartbeat());
            raw.writeFrame(frame);
        });
    }

    @Test
    void shouldCloseConnectionOnSwappedFrames() throws IOException {
        shouldFailWith("fails its check", raw -> {
            final byte[] first = raw.sealed(ControlWriter.heartbeat());
            final byte[] second = raw.sealed(ControlWriter.heartbeat());
            raw.writeFrame(second);
            raw.writeFrame(first);
        });
    }

    @Test
    void shouldCloseConnectionOnAlteredFrame() throws IOException {
        shouldFailWith("fails its check", raw -> {
            final byte[] frame = raw.sealed(ControlWriter.bye());
            frame[frame.length - 1] ^= 1;
            raw.writeFrame(frame);
        });
    }

    @Test
    void shouldCloseConnectionOnFrameWithoutTag() throws IOException {
        shouldFailWith("has no tag", raw -> {
            raw.writeFrame(ControlWriter.bye());
        });
    }

    @Test
    void shouldCloseConnectionOnFrameBeyondBound() throws IOException {
        shouldFailWith("at most 4096 are expected", raw -> {
            raw.write(new byte[] {0, 0, 0, 0x40});
        });
    }

    @Test
    void shouldCloseConnectionOnMessageThatMembersDoNotSend() throws IOException {
        shouldFailWith("sent a Welcome", raw -> {
            raw.send(ControlWriter.welcome(new Welcome(1, 2)));
        });
    }

    @Test
    void shouldCloseConnectionOnBlameForNobody() throws IOException {
        shouldFailWith("ranks=[7] of a job with members=3", raw -> {
            raw.send(ControlWriter.failed(new Failed(new Failure(Failure.Kind.ABORTED, List.of(7), "who?"))));
        });
    }

    private interface Misdeed {
        void by(RawMember raw) throws IOException;
    }

    private static void shouldFailWith(final String words, final Misdeed misdeed) throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings);
                RawMember raw = Jobs.joinAllBut(jobs, settings, 1)) {
            assertNull(jobs.coordinator.failure());

            misdeed.by(raw);

            for (final Member member : jobs.members) {
                final Failure failure = Jobs.awaitFailure(member);
                assertEquals(Failure.Kind.PEER_DIED, failure.kind());
                assertEquals(List.of(1), failure.ranks());
                assertMessage(failure.message(), words);
            }
            raw.awaitClosed();
        }
    }
}
