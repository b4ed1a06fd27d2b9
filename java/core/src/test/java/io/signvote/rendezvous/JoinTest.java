package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinTest {
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "8, false", "64, false", "1, true", "7, true", "255, true"})
    void shouldGiveEveryMemberTheSameRoster(final int worldSize, final boolean hasServer) {
        final Settings settings = Settings.of(worldSize);
        settings.hasServer = hasServer;
        try (Jobs jobs = new Jobs(settings)) {
            final List<Roster> rosters = Jobs.joinAll(jobs, settings);

            final Roster first = rosters.get(0);
            assertEquals(1, first.view());
            assertEquals(worldSize, first.worldSize());
            assertEquals(hasServer, first.hasServer());
            for (int i = 0; i < rosters.size(); i++) {
                assertEquals(first, rosters.get(i));
                assertEquals(Jobs.endpoint(i), first.members().get(i));
                assertNull(jobs.members.get(i).failure());
                assertEquals("127.0.0.1", jobs.members.get(i).localAddress());
            }
            assertEquals(0, jobs.coordinator.refusedCount());
            assertTrue(jobs.errors.isEmpty(), jobs.errors::toString);
        }
    }

    @Test
    void shouldGiveEveryJobAKeyOfItsOwn() {
        assertNotEquals(sessionKey(), sessionKey());
    }

    private static long sessionKey() {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings)) {
            return Jobs.joinAll(jobs, settings).get(0).sessionKey();
        }
    }

    @Test
    void shouldWorkWithoutSecretOnLoopback() {
        final Settings settings = Settings.of(2);
        settings.secret = null;
        try (Jobs jobs = new Jobs(settings)) {
            assertEquals(2, Jobs.joinAll(jobs, settings).get(1).members().size());
        }
    }

    @Test
    void shouldWaitForCoordinatorThatStartsLate() throws IOException {
        final Settings settings = Settings.of(2);
        settings.port = freePort();
        final Settings own = Settings.of(2);
        own.port = settings.port;
        own.rank = 1;
        final FutureTask<Roster> early = new FutureTask<>(() -> {
            try (Member member = Member.connect(own.config())) {
                return member.join(Jobs.endpoint(1));
            }
        });
        final Thread thread = new Thread(early, "early");
        thread.setDaemon(true);
        thread.start();
        Jobs.await("the first attempt has failed", () -> thread.getState() == Thread.State.TIMED_WAITING);

        try (Jobs jobs = new Jobs(settings)) {
            final Roster roster = Jobs.get(jobs.join(settings.config()));

            assertEquals(roster, Jobs.get(early));
        }
    }

    @Test
    void shouldDialAgainWhenCoordinatorHasLetGoOfIdleConnection() {
        final Settings settings = Settings.of(1);
        settings.suspicionTimeoutMs = 400;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Member member = Member.connect(settings.config());
            jobs.members.add(member);
            Jobs.await("let go", () -> jobs.coordinator.refusedCount() == 1);

            assertEquals(1, member.join(Jobs.endpoint(0)).worldSize());
        }
    }

    @Test
    void shouldLeaveInGoodOrder() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);

            jobs.members.get(1).close();
            jobs.members.get(1).close();
            jobs.members.get(0).close();

            assertFalse(jobs.coordinator.awaitDeparture(0));
            final Failure told = new Failure(Failure.Kind.ABORTED, List.of(2), "still heard");
            jobs.members.get(2).fail(told);
            assertEquals(told, Jobs.awaitFailure(jobs.members.get(2)));
            assertNull(jobs.members.get(0).failure());
            assertNull(jobs.members.get(1).failure());
            jobs.members.get(2).close();
            assertTrue(jobs.coordinator.awaitDeparture(Jobs.PATIENCE_NS));
        }
    }

    @Test
    void shouldStayWellWhileNothingIsSaid() {
        final Settings settings = Settings.of(2);
        settings.heartbeatIntervalMs = 100;
        settings.suspicionTimeoutMs = 2000;
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            final long untilNs = System.nanoTime() + 2_500_000_000L;

            Jobs.await("longer than the suspicion timeout", () -> System.nanoTime() - untilNs > 0);

            assertNull(jobs.members.get(0).failure());
            assertNull(jobs.coordinator.failure());
        }
    }

    @Test
    void shouldEndJoinWhenClosedByAnotherThread() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> waiting = jobs.join(settings.config());
            Jobs.await("connected", () -> {
                synchronized (jobs.members) {
                    return !jobs.members.isEmpty();
                }
            });

            jobs.members.get(0).close();

            assertThrows(RuntimeException.class, () -> Jobs.get(waiting));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
