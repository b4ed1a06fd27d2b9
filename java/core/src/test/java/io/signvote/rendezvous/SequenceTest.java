package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.LangUtil;
import org.junit.jupiter.api.Test;

/** One coordinator, one job after another. */
class SequenceTest {
    @Test
    void shouldServeOneJobAfterAnother() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final List<FutureTask<Set<Long>>> ranks = new ArrayList<>();
            for (int rank = 0; rank < 3; rank++) {
                settings.rank = rank;
                ranks.add(start(looping(settings.config(), 100)));
            }

            final Set<Long> keys = Jobs.get(ranks.get(0));

            assertEquals(100, keys.size());
            assertEquals(keys, Jobs.get(ranks.get(1)));
            assertEquals(keys, Jobs.get(ranks.get(2)));
            assertEquals(0, jobs.coordinator.refusedCount());
            assertTrue(jobs.errors.isEmpty(), jobs.errors::toString);
            Jobs.await("the last job is over", () -> jobs.coordinator.progress() == Coordinator.Progress.OVER);
        }
    }

    private static FutureTask<Set<Long>> looping(final RendezvousConfig config, final int count) {
        return new FutureTask<>(() -> {
            final Set<Long> keys = new HashSet<>();
            for (int i = 0; i < count; i++) {
                try (Member member = Member.connect(config)) {
                    keys.add(member.join(Jobs.endpoint(config.rank())).sessionKey());
                }
            }
            return keys;
        });
    }

    private static <T> FutureTask<T> start(final FutureTask<T> task) {
        final Thread thread = new Thread(task, "rank");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void shouldTakeRankThatDiedAgain() throws IOException {
        final Settings settings = Settings.of(4);
        try (Jobs jobs = new Jobs(settings)) {
            final RawMember doomed = joinAllBut(jobs, settings, 2);
            final List<Member> before = List.copyOf(jobs.members);

            doomed.close();
            before.forEach(Jobs::awaitFailure);
            final long key = joinAgain(jobs, settings, before);

            assertNotEquals(0, key);
            assertNull(jobs.coordinator.failure());
            assertEquals(Coordinator.Progress.RUNNING, jobs.coordinator.progress());
        }
    }

    /** Survivors close and join again, and so does the rank that died. */
    private static long joinAgain(final Jobs jobs, final Settings settings, final List<Member> before) {
        before.forEach(Member::close);
        final List<Roster> rosters = Jobs.joinAll(jobs, settings);
        return rosters.get(0).sessionKey();
    }

    @Test
    void shouldNotLetJobBeforeTouchTheNext() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings);
                RawMember zero = joinAllBut(jobs, settings, 0)) {
            final List<Member> before = List.copyOf(jobs.members);
            before.get(0).fail(new Failure(Failure.Kind.ABORTED, List.of(1), "the first job"));
            assertInstanceOf(Failed.class, zero.next());
            before.forEach(Jobs::awaitFailure);
            before.get(0).close();

            settings.port = jobs.coordinator.port();
            final List<Future<Roster>> rosters = new ArrayList<>();
            for (int rank = 0; rank < 2; rank++) {
                settings.rank = rank;
                rosters.add(jobs.join(settings.config()));
            }
            Jobs.await("two of the second job", () -> jobs.coordinator.presentCount() == 2);
            zero.send(ControlWriter.failed(
                    new Failed(new Failure(Failure.Kind.MISMATCH, List.of(2), "out of the past"))));
            zero.send(ControlWriter.heartbeat());
            zero.socket.setSoLinger(true, 0);
            zero.socket.close();
            before.get(1).close();
            settings.rank = 2;
            final Roster roster = Jobs.get(jobs.join(settings.config()));

            assertEquals(roster, Jobs.get(rosters.get(0)));
            assertEquals(roster, Jobs.get(rosters.get(1)));
            assertNull(jobs.coordinator.failure());
        }
    }

    /** A job that runs ends connections of those before it, which somebody forgot to close. */
    @Test
    void shouldForgetMembersThatNeverLeave() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings);
                RawMember stale = joinAllBut(jobs, settings, 1)) {
            jobs.members.get(0).fail(new Failure(Failure.Kind.ABORTED, List.of(0), "the first job"));
            assertInstanceOf(Failed.class, stale.next());
            jobs.members.get(0).close();
            final FutureTask<Boolean> departure =
                    new FutureTask<>(() -> jobs.coordinator.awaitDeparture(Jobs.PATIENCE_NS));
            final Thread waiting = new Thread(departure, "rank 0 of the first job");
            waiting.setDaemon(true);
            waiting.start();
            Jobs.await("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);

            Jobs.joinAll(jobs, settings);

            stale.awaitClosed();
            assertTrue(Jobs.get(departure));
            assertNull(jobs.coordinator.failure());
        }
    }

    @Test
    void shouldHaveNoDeadlineWhileIdle() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 1000;
        try (Jobs jobs = new Jobs(settings)) {
            final long untilNs = System.nanoTime() + 1_500_000_000L;
            Jobs.await("longer than the join timeout", () -> System.nanoTime() - untilNs > 0);

            assertEquals(Coordinator.Progress.NONE, jobs.coordinator.progress());
            settings.joinTimeoutMs = 20_000;
            assertEquals(2, Jobs.joinAll(jobs, settings).size());
        }
    }

    @Test
    void shouldRefuseAnotherJobAloneAndGoOn() {
        final Settings settings = Settings.of(2);
        settings.job = "a";
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> zero = jobs.join(settings.config());
            Jobs.await("rank 0 has come", () -> jobs.coordinator.presentCount() == 1);
            settings.job = "b";
            settings.worldSize = 3;
            final String refused = assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(settings.config())))
                    .getMessage();
            settings.job = "a";
            settings.worldSize = 2;
            settings.rank = 1;

            final Roster roster = Jobs.get(jobs.join(settings.config()));

            assertMessage(refused, "belongs to job [b], the coordinator serves job [a]");
            assertEquals(roster, Jobs.get(zero));
            assertEquals(1, jobs.coordinator.refusedCount());
        }
    }

    @Test
    void shouldNotCompareSettingsWithJobThatRuns() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            jobs.members.get(0).close();
            settings.settings = "plan=SHARDED,seed=43";
            final Future<Roster> zero = jobs.join(settings.config());
            try (RawMember early = new RawMember(settings.port).join(settings, 0)) {
                final Later later = assertInstanceOf(Later.class, early.next());
                assertMessage(
                        later.message(),
                        "rank 0 at 127.0.0.1:",
                        "has left this job, and the next job starts when all have left");
            }

            jobs.members.get(1).close();
            settings.rank = 1;

            assertEquals(Jobs.get(jobs.join(settings.config())), Jobs.get(zero));
        }
    }

    @Test
    void shouldLetManyComeEarly() throws IOException {
        final Settings settings = Settings.of(2);
        final List<RawMember> early = new ArrayList<>();
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            for (int i = 0; i < 200; i++) {
                early.add(new RawMember(settings.port).join(settings, i % 2));
            }
            for (final RawMember one : early) {
                assertInstanceOf(Later.class, one.next());
                one.awaitClosed();
            }

            assertNull(jobs.coordinator.failure());
            assertEquals(0, jobs.coordinator.refusedCount());
            assertTrue(jobs.errors.isEmpty(), jobs.errors::toString);
        } finally {
            for (final RawMember one : early) {
                one.close();
            }
        }
    }

    /** Rank 1 dies again and again while a job gathers; rank 0 is told each time, comes again, and all meet in the end. */
    @Test
    void shouldMeetRankThatDiesRepeatedly() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            for (int i = 0; i < 20; i++) {
                final Future<Roster> zero = jobs.join(settings.config());
                Jobs.await("rank 0 has come", () -> jobs.coordinator.presentCount() == 1);
                final RawMember doomed = new RawMember(settings.port).join(settings, 1);
                assertInstanceOf(Welcome.class, doomed.next());
                doomed.close();
                final String told = assertThrows(RendezvousException.class, () -> Jobs.get(zero))
                        .getMessage();
                assertMessage(told, "rank 1 at 127.0.0.1:");
                Jobs.await("the next job", () -> jobs.coordinator.presentCount() == 0);
            }

            assertEquals(3, Jobs.joinAll(jobs, settings).size());
        }
    }

    /** The first one on a place may have lost its host: its connection stands and nothing comes. */
    @Test
    void shouldGiveContestedPlaceToTheOneThatLives() throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final RawMember mute = new RawMember(settings.port).join(settings, 1);
            assertInstanceOf(Welcome.class, mute.next());
            try (RawMember one = new RawMember(settings.port)) {
                one.join(settings, 1);
                assertInstanceOf(Welcome.class, one.next());
                final Future<Roster> zero = jobs.join(settings.config());
                Jobs.await("both places are taken", () -> jobs.coordinator.presentCount() == 2);

                mute.close();

                assertInstanceOf(Members.class, one.next());
                assertEquals(2, Jobs.get(zero).members().size());
            }
        }
    }

    @Test
    void shouldCancelWhenBothOnOnePlaceLive() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings);
                RawMember first = new RawMember(jobs.coordinator.port()).join(settings, 1);
                RawMember second = new RawMember(jobs.coordinator.port())) {
            assertInstanceOf(Welcome.class, first.next());
            second.join(settings, 1);
            assertInstanceOf(Welcome.class, second.next());
            final long contestedNs = System.nanoTime() + settings.heartbeatIntervalMs * 1_000_000;
            Jobs.await("half an interval", () -> System.nanoTime() - contestedNs > 0);

            first.send(ControlWriter.heartbeat());

            final Cancelled cancelled = assertInstanceOf(Cancelled.class, second.next());
            assertMessage(cancelled.message(), "rank 1 came twice, from 127.0.0.1:");
            assertEquals(cancelled, first.next());
        }
    }

    /** The mistaken one may come first; the others need not wait for it until the deadline. */
    @Test
    void shouldTellThoseWhoComeLaterOfMismatchOnce() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.rank = 1;
            settings.worldSize = 4;
            assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(settings.config())));
            settings.rank = 0;
            settings.worldSize = 2;

            final String told = assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(settings.config())))
                    .getMessage();

            assertMessage(told, "rank 1 at 127.0.0.1:", "expects worldSize=4, the coordinator expects worldSize=2");
            assertEquals(2, Jobs.joinAll(jobs, settings).size());
        }
    }

    @Test
    void shouldJoinCoordinatorThatStartsAgainAtTheSamePort() {
        final Settings settings = Settings.of(2);
        final Settings own = Settings.of(2);
        try (Jobs first = new Jobs(settings)) {
            own.port = first.coordinator.port();
            settings.port = own.port;
            own.rank = 1;
            final Future<Roster> one = first.join(own.config());
            Jobs.await("rank 1 has come", () -> first.coordinator.presentCount() == 1);

            first.coordinator.close();
            try (Jobs second = new Jobs(settings)) {
                final Roster roster = Jobs.get(second.join(settings.config()));

                assertEquals(roster, Jobs.get(one));
            }
        }
    }

    /** Rank 1 has dialled again before rank 0 closes the coordinator; that waits for nobody of the job that gathers. */
    @Test
    void shouldNotWaitForMembersOfTheNextJob() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            jobs.members.forEach(Member::close);
            settings.rank = 1;
            jobs.join(settings.config());
            Jobs.await("rank 1 has come again", () -> jobs.coordinator.progress() == Coordinator.Progress.JOINING);

            assertTrue(jobs.coordinator.awaitDeparture(Jobs.PATIENCE_NS));
            assertEquals(Coordinator.Progress.JOINING, jobs.coordinator.progress());
        }
    }

    /** The last sign of life may be one interval old when a pause begins. */
    @Test
    void shouldSurvivePauseOfTheWholeSuspicionTimeout() throws IOException {
        final Settings settings = Settings.of(1);
        settings.heartbeatIntervalMs = 100;
        settings.suspicionTimeoutMs = 1000;
        final AtomicLong nowNs = new AtomicLong(System.nanoTime());
        try (Coordinator coordinator = Coordinator.start(settings.config(), LangUtil::rethrowUnchecked, nowNs::get);
                RawMember raw = new RawMember(coordinator.port()).join(settings, 0)) {
            assertInstanceOf(Welcome.class, raw.next());
            assertInstanceOf(Members.class, raw.next());

            for (int ms = 0; ms < 1100; ms += 50) {
                nowNs.addAndGet(50_000_000);
                if (ms % 100 == 50) {
                    assertInstanceOf(Heartbeat.class, raw.nextOfAny());
                }
            }
            assertNull(coordinator.failure());
            nowNs.addAndGet(50_000_000);

            Jobs.await("the end of patience", () -> coordinator.failure() != null);
            assertEquals(Failure.Kind.PEER_SILENT, coordinator.failure().kind());
        }
    }

    /** All ranks join, one of them by hand. */
    private static RawMember joinAllBut(final Jobs jobs, final Settings settings, final int rank) throws IOException {
        settings.port = jobs.coordinator.port();
        final List<Future<Roster>> rosters = new ArrayList<>();
        for (int i = 0; i < settings.worldSize; i++) {
            if (i != rank) {
                settings.rank = i;
                rosters.add(jobs.join(settings.config()));
            }
        }
        settings.rank = 0;
        final RawMember raw = new RawMember(settings.port).join(settings, rank);
        assertInstanceOf(Welcome.class, raw.next());
        assertInstanceOf(Members.class, raw.next());
        rosters.forEach(Jobs::get);
        return raw;
    }
}
