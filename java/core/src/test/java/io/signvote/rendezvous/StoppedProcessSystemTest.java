package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Jobs.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member in a process of its own, which is stopped or killed by the operating system. */
@Tag("system")
class StoppedProcessSystemTest {
    private final Settings settings = Settings.of(2);

    @Test
    void shouldFindItselfFailedAfterBeingStopped() throws Exception {
        settings.suspicionTimeoutMs = 2000;
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> roster = jobs.join(settings.config());
            final Process process = start();
            try (BufferedReader output = process.inputReader()) {
                Jobs.get(roster);
                assertEquals("joined", output.readLine());

                signal("-STOP", process);
                final Failure failure = Jobs.awaitFailure(jobs.members.get(0));
                signal("-CONT", process);

                assertEquals(Failure.Kind.PEER_SILENT, failure.kind());
                assertEquals(List.of(1), failure.ranks());
                assertEquals("PEER_SILENT [1]", output.readLine());
                assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void shouldTellOthersOfKilledProcess() throws Exception {
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            final Future<Roster> roster = jobs.join(settings.config());
            final Process process = start();
            try (BufferedReader output = process.inputReader()) {
                Jobs.get(roster);
                assertEquals("joined", output.readLine());

                process.destroyForcibly();

                final Failure failure = Jobs.awaitFailure(jobs.members.get(0));
                assertEquals(Failure.Kind.PEER_DIED, failure.kind());
                assertEquals(List.of(1), failure.ranks());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Process start() throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Rank1.class.getName(),
                Integer.toString(settings.port));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void signal(final String signal, final Process process) throws Exception {
        final Process kill = new ProcessBuilder("sh", "-c", "kill " + signal + " " + process.pid()).start();
        assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, kill.exitValue());
    }

    /** Rank 1 of two: joins, and says what became of the job. */
    static final class Rank1 {
        private Rank1() {}

        public static void main(final String[] args) {
            final Settings settings = Settings.of(2);
            settings.port = Integer.parseInt(args[0]);
            settings.rank = 1;
            try (Member member = Member.connect(settings.config())) {
                member.join(Jobs.endpoint(1));
                System.out.println("joined");
                final Failure failure = Jobs.awaitFailure(member);
                System.out.println(failure.kind() + " " + failure.ranks());
            }
        }
    }
}
