package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Refused;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import org.agrona.LangUtil;
import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void shouldSayOnBothSidesThatSecretsDiffer() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 2000;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> good = jobs.join(settings.config());
            settings.rank = 1;
            settings.secret = "another secret of enough bytes".getBytes(StandardCharsets.US_ASCII);

            final String refused = failureOf(jobs.join(settings.config()));

            assertContains(
                    refused, "rank 1: coordinator 127.0.0.1:" + settings.port + " refused us, the secrets differ");
            assertContains(refused, "SIGNVOTE_SECRET_FILE");
            assertFalse(refused.contains("another secret"), refused);
            Jobs.await("reported", () -> jobs.hasReported("does not hold the secret of this job"));
            assertEquals(1, jobs.coordinator.refusedCount());
            final String deadline = failureOf(good);
            assertContains(deadline, "refused connections: 1, the last: 127.0.0.1:");
            assertContains(deadline, "came: 0@127.0.0.1:");
            assertContains(deadline, "missing: 1");
        }
    }

    @Test
    void shouldRefuseMemberWithoutSecretAndCoordinatorWithoutSecret() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.secret = null;
            assertContains(failureOf(jobs.join(settings.config())), "the secrets differ");
        }
        settings.port = 0;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.secret = Jobs.SECRET;
            assertContains(failureOf(jobs.join(settings.config())), "the secrets differ");
        }
    }

    @Test
    void shouldNotTrustCoordinatorThatCannotProveItself() throws IOException {
        final Settings settings = Settings.of(1);
        try (FakeCoordinator impostor = new FakeCoordinator(fake -> {
            fake.read();
            fake.write(ControlWriter.challenge(new Challenge(new byte[Control.NONCE_LENGTH])));
            fake.read();
            fake.write(new byte[56]);
        })) {
            settings.port = impostor.port();

            assertContains(
                    joinFailure(settings),
                    "rank 0: coordinator 127.0.0.1:" + settings.port + " does not hold the secret");
        }
    }

    @Test
    void shouldNameWhatIsNoCoordinator() throws IOException {
        final Settings settings = Settings.of(1);
        final byte[] page = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (FakeCoordinator web = new FakeCoordinator(fake -> fake.writeBytes(page))) {
            settings.port = web.port();

            assertContains(
                    joinFailure(settings),
                    "the program at 127.0.0.1:" + settings.port + " is no SignVote coordinator, ");
        }
    }

    @Test
    void shouldGiveUpOnCoordinatorThatDoesNotAnswer() throws IOException {
        final Settings settings = Settings.of(1);
        settings.joinTimeoutMs = 300;
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.port = mute.getLocalPort();

            assertContains(
                    joinFailure(settings),
                    "rank 0: waited 0.3 s for coordinator 127.0.0.1:" + settings.port
                            + ", which does not answer: check its address and port (SIGNVOTE_MASTER_ADDRESS and"
                            + " SIGNVOTE_MASTER_PORT set them, else the launcher)");
        }
    }

    @Test
    void shouldGiveUpWhereNothingListens() throws IOException {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 300;
        settings.rank = 1;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.port = socket.getLocalPort();
        }

        final String message = joinFailure(settings);

        assertContains(message, "rank 1: coordinator 127.0.0.1:" + settings.port + " was not reached within 0.3 s");
        assertContains(message, "start rank 0 or its launcher, and check its address and port");
    }

    @Test
    void shouldNameHostThatCannotBeResolved() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 300;
        settings.host = "nowhere.invalid";
        settings.port = 1;

        assertContains(joinFailure(settings), "cannot resolve host nowhere.invalid");
        assertContains(
                assertThrows(
                                RendezvousException.class,
                                () -> Coordinator.start(settings.config(), LangUtil::rethrowUnchecked))
                        .getMessage(),
                "cannot resolve coordinator host nowhere.invalid: set SIGNVOTE_MASTER_ADDRESS");
    }

    @Test
    void shouldSayThatPortIsInUse() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();

            final RendezvousException e = assertThrows(
                    RendezvousException.class, () -> Coordinator.start(settings.config(), LangUtil::rethrowUnchecked));

            assertContains(e.getMessage(), "cannot listen on 127.0.0.1:" + settings.port + ": ");
            assertContains(e.getMessage(), "set SIGNVOTE_MASTER_PORT to the same free port on every rank");
        }
    }

    @Test
    void shouldWantSecretBeyondLoopback() {
        final Settings settings = Settings.of(2);
        settings.secret = null;
        settings.host = "0.0.0.0";

        final ConfigurationException e = assertThrows(
                ConfigurationException.class, () -> Coordinator.start(settings.config(), LangUtil::rethrowUnchecked));

        assertContains(e.getMessage(), "coordinator address 0.0.0.0 is not loopback and there is no secret");
        assertContains(e.getMessage(), "signvote.secret.file");
        assertContains(e.getMessage(), "signvote.insecure");
        settings.host = "192.0.2.1";
        settings.port = 1;
        assertThrows(ConfigurationException.class, () -> Member.connect(settings.config()));
        settings.host = "0.0.0.0";
        settings.port = 0;
        settings.isInsecure = true;
        Coordinator.start(settings.config(), LangUtil::rethrowUnchecked).close();
    }

    @Test
    void shouldCancelOnWorldSizeMismatch() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> good = joinFirst(jobs, settings);
            settings.rank = 1;
            settings.worldSize = 4;

            final String bad = failureOf(jobs.join(settings.config()));

            assertContains(bad, "rank 1 at 127.0.0.1:");
            assertContains(bad, "expects worldSize=4, the coordinator expects worldSize=3: set SIGNVOTE_WORLD_SIZE");
            assertContains(bad, "came: 0@127.0.0.1:");
            assertContains(bad, "missing: 1, 2");
            assertEquals(bad.replace("rank 1: ", ""), failureOf(good).replace("rank 0: ", ""));
            assertTrue(jobs.coordinator.awaitDeparture(Jobs.PATIENCE_NS));
            assertTrue(jobs.hasReported("expects worldSize=4"));
        }
    }

    @Test
    void shouldNameBothJobs() {
        final Settings settings = Settings.of(2);
        settings.job = "slurm-17.0";
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.rank = 1;
            settings.job = "slurm-18.0";
            assertContains(
                    failureOf(jobs.join(settings.config())),
                    "belongs to job [slurm-18.0], the coordinator serves job [slurm-17.0]: two jobs use this address");
        }
    }

    @Test
    void shouldTakeJobWithoutIdForAnotherJob() {
        final Settings settings = Settings.of(2);
        settings.job = "slurm-17.0";
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            settings.job = "";
            assertContains(
                    failureOf(jobs.join(settings.config())),
                    "belongs to a job without an id, the coordinator serves job [slurm-17.0]");
        }
    }

    @Test
    void shouldNameBothBuilds() {
        final Settings settings = Settings.of(2);
        settings.build = "0.1 abc wire 1";
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> good = joinFirst(jobs, settings);
            settings.rank = 1;
            settings.build = "0.1 def wire 1";
            assertContains(
                    failureOf(jobs.join(settings.config())),
                    "runs SignVote [0.1 def wire 1], the coordinator runs [0.1 abc wire 1]");
            assertContains(failureOf(good), "runs SignVote [0.1 def wire 1]");
        }
    }

    @Test
    void shouldTakeABuildOfEqualSourcesOfAnotherCommit() {
        final Settings settings = Settings.of(2);
        settings.build = "0.1 commit 0123456789ab (sources 89ab) wire 1";
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> first = joinFirst(jobs, settings);
            settings.rank = 1;
            settings.build = "0.1 no commit (sources 89ab) wire 1";

            assertEquals(2, Jobs.get(jobs.join(settings.config())).members().size());
            assertEquals(2, Jobs.get(first).members().size());
        }
    }

    @Test
    void shouldNotCompareBuildsThatNobodyNamed() {
        final Settings settings = Settings.of(1);
        settings.build = "0.1 abc wire 1";
        try (Jobs jobs = new Jobs(settings)) {
            settings.build = "";
            assertEquals(1, Jobs.joinAll(jobs, settings).size());
        }
    }

    @Test
    void shouldCancelOnServerMismatch() {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> good = joinFirst(jobs, settings);
            settings.rank = 1;
            settings.hasServer = true;

            assertContains(
                    failureOf(jobs.join(settings.config())),
                    "expects a job with a pure server, the coordinator expects one without a server");
            assertContains(failureOf(good), "expects a job with a pure server");
        }
    }

    @Test
    void shouldCancelOnDuplicateRank() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> first = joinFirst(jobs, settings);

            final String second = failureOf(jobs.join(settings.config()));

            assertContains(second, "rank 0 came twice, from 127.0.0.1:");
            assertContains(second, "give every process its own RANK");
            assertContains(failureOf(first), "rank 0 came twice");
        }
    }

    @Test
    void shouldCancelOnSettingsMismatchAndNameBoth() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> first = joinFirst(jobs, settings);
            settings.rank = 2;
            settings.settings = "plan=STAR,seed=42";

            final RendezvousException error =
                    assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(settings.config())));

            final String second = error.getMessage();
            assertEquals(List.of(0, 2), error.ranks());
            assertFalse(error.isRetryable());
            assertContains(second, "rank 0 has [plan=SHARDED,seed=42]");
            assertContains(second, "has [plan=STAR,seed=42]");
            assertContains(failureOf(first), "settings differ");
        }
    }

    @Test
    void shouldCancelOnRankOutOfRange() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> good = joinFirst(jobs, settings);
            try (RawMember bad = new RawMember(settings.port).join(settings, 3)) {
                final Cancelled cancelled = assertInstanceOf(Cancelled.class, bad.next());

                assertContains(cancelled.message(), "gives rank=3, not in 0..2 of worldSize=3");
                assertContains(failureOf(good), "gives rank=3");
            }
        }
    }

    @Test
    void shouldListWhoIsMissingAtDeadline() {
        final Settings settings = Settings.of(4);
        settings.hasServer = true;
        settings.joinTimeoutMs = 1500;
        try (Jobs jobs = new Jobs(settings)) {
            settings.joinTimeoutMs = 20_000;
            final Future<Roster> zero = joinFirst(jobs, settings);
            settings.rank = 2;
            final Future<Roster> two = jobs.join(settings.config());

            final RendezvousException error = assertThrows(RendezvousException.class, () -> Jobs.get(two));

            final String message = error.getMessage();
            assertEquals(List.of(1, 3, 4), error.ranks());
            assertTrue(error.isRetryable());
            assertContains(
                    message, "rank 2: not everyone came within 1.5 s: start the missing ranks with WORLD_SIZE=4");
            assertContains(message, "came: 0@127.0.0.1:");
            assertContains(message, ", 2@127.0.0.1:");
            assertContains(message, "missing: 1, 3, server");
            assertContains(failureOf(zero), "missing: 1, 3, server");
            settings.rank = 1;
            assertContains(failureOf(jobs.join(settings.config())), "missing: 1, 3, server");
        }
    }

    @Test
    void shouldGoOnWithoutMemberThatIsFirstToGiveUp() {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> patient = joinFirst(jobs, settings);
            settings.rank = 1;
            settings.joinTimeoutMs = 500;

            final RendezvousException error =
                    assertThrows(RendezvousException.class, () -> Jobs.get(jobs.join(settings.config())));

            assertContains(error.getMessage(), "rank 1 gave up: waited 0.5 s for the others");
            assertContains(error.getMessage(), "missing: 2");
            assertEquals(List.of(2), error.ranks());
            assertTrue(error.isRetryable());
            settings.joinTimeoutMs = 20_000;
            final Future<Roster> again = jobs.join(settings.config());
            settings.rank = 2;
            final Roster roster = Jobs.get(jobs.join(settings.config()));
            assertEquals(roster, Jobs.get(patient));
            assertEquals(roster, Jobs.get(again));
        }
    }

    @Test
    void shouldCancelWhenMemberDiesBeforeAllHaveCome() throws IOException {
        final Settings settings = Settings.of(3);
        try (Jobs jobs = new Jobs(settings)) {
            final Future<Roster> good = joinFirst(jobs, settings);
            final RawMember doomed = new RawMember(settings.port).join(settings, 1);
            doomed.next();

            doomed.close();

            assertContains(failureOf(good), "rank 1 at 127.0.0.1:");
            assertContains(failureOf(good), "closed its control connection without a BYE");
        }
    }

    @Test
    void shouldAskLatecomersToDialAgainWithoutHarm() {
        final Settings settings = Settings.of(2);
        settings.joinTimeoutMs = 1000;
        try (Jobs jobs = new Jobs(settings)) {
            Jobs.joinAll(jobs, settings);
            settings.rank = 1;

            final String message = failureOf(jobs.join(settings.config()));

            assertContains(message, "rank 1: waited 1.0 s for a place in the job, the last answer of 127.0.0.1:");
            assertContains(message, "while a job runs, and rank 1 at 127.0.0.1:");
            assertContains(message, " is still counted as present: its death is not known yet");
            assertContains(message, "present: 0@127.0.0.1:");
            assertNull(jobs.coordinator.failure());
        }
    }

    @Test
    void shouldRefuseOtherVersions() throws IOException {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings);
                RawMember other = new RawMember(jobs.coordinator.port())) {
            final byte[] hello = ControlWriter.hello(new Hello(new byte[Control.NONCE_LENGTH]));
            hello[6] = 9;
            other.writeFrame(hello);

            assertEquals(new Refused(Refused.VERSION), ControlReader.read(other.readFrame()));

            assertTrue(jobs.hasReported("speaks control protocol version 9, expected 2"));
            assertEquals(1, Jobs.joinAll(jobs, settings).size());
        }
        final byte[] refused = ControlWriter.refused(new Refused(Refused.VERSION));
        refused[6] = 3;
        try (FakeCoordinator newer = new FakeCoordinator(fake -> fake.write(refused))) {
            settings.port = newer.port();

            assertContains(joinFailure(settings), "speaks control protocol version 3, expected 2");
        }
    }

    private static Future<Roster> joinFirst(final Jobs jobs, final Settings settings) {
        settings.port = jobs.coordinator.port();
        final Future<Roster> first = jobs.join(settings.config());
        Jobs.await("rank 0 has come", () -> jobs.coordinator.presentCount() == 1);
        return first;
    }

    private static String failureOf(final Future<Roster> future) {
        return assertThrows(RendezvousException.class, () -> Jobs.get(future)).getMessage();
    }

    private static String joinFailure(final Settings settings) {
        return assertThrows(RendezvousException.class, () -> {
                    try (Member member = Member.connect(settings.config())) {
                        member.join(Jobs.endpoint(settings.rank));
                    }
                })
                .getMessage();
    }

    private static void assertContains(final String text, final String part) {
        assertTrue(text.contains(part), () -> "[" + part + "] is not in [" + text + "]");
    }
}
