package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class JobLauncherTest {
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long SLEEP_S = 300;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private final List<JobLauncher> jobs = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        jobs.forEach(JobLauncher::kill);
    }

    @Test
    void shouldEndWithZeroWhenAllDo() throws InterruptedException {
        assertEquals(0, run("true", "true", "true"));
        assertEquals("", err());
    }

    @Test
    void shouldPrefixLinesAndNeverCutThem() throws InterruptedException {
        final String script = "for i in 1 2 3 4 5 6 7 8 9; do printf 'a%s' \"$1\"; printf 'z\\n'; echo e >&2; done";

        assertEquals(0, run(script, script, script));

        final Map<String, Long> lines =
                out().lines().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        assertEquals(Map.of("[0] az", 9L, "[1] az", 9L, "[2] az", 9L), lines);
        assertEquals(
                27, err().lines().filter(line -> line.matches("\\[[012]] e")).count());
    }

    @Test
    void shouldEndAllWhenOneFailsAndHaveItsCode() throws InterruptedException {
        final long startNs = System.nanoTime();

        final int code = run("exec sleep " + SLEEP_S, "exit 7", "sleep " + SLEEP_S + "; true");

        assertEquals(7, code);
        assertTrue(err().contains("signvote run: rank 1 ended with code 7, ending 2 processes"), err());
        assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(SLEEP_S / 10));
    }

    @Test
    void shouldTellASignalByItsCode() throws InterruptedException {
        assertEquals(128 + 9, run("exec sleep " + SLEEP_S, "kill -9 $$"));
        assertTrue(err().contains("rank 1 ended with code 137 (SIGKILL"), err());
    }

    @Test
    void shouldKillWhatOutlivesTermAndTheGrace() throws InterruptedException {
        final Path ready = folder.resolve("ready");

        final int code = run(
                "trap '' TERM; touch " + ready + "; sleep " + SLEEP_S + "; sleep " + SLEEP_S,
                "until test -e " + ready + "; do sleep 0.02; done; exit 3");

        assertEquals(3, code);
        assertTrue(err().contains("killed after TERM and the grace: rank 0"), err());
    }

    @Test
    void shouldLeaveNothingInTheBackground() throws InterruptedException, IOException {
        final Path pid = folder.resolve("pid");

        assertEquals(0, run("sleep " + SLEEP_S + " >/dev/null 2>&1 & echo $! > " + pid));

        assertGone(pid);
    }

    @Test
    void shouldPassSignalsOn() throws Exception {
        final Path ready = folder.resolve("ready");
        final JobLauncher job = job(
                GRACE_NS,
                Long.MAX_VALUE,
                "trap 'echo got it; exit 0' INT; touch " + ready + "; while :; do sleep 0.02; done");
        final CompletableFuture<Integer> code = runAsync(job);
        awaitFile(ready, code);

        job.onSignal("INT", 2);

        assertEquals(130, code.get(30, TimeUnit.SECONDS));
        assertTrue(out().contains("[0] got it"), out());
        assertTrue(err().contains("SIGINT"), err());
    }

    @Test
    void shouldKillAtOnceAtASecondSignal() throws Exception {
        final Path ready = folder.resolve("ready");
        final JobLauncher job = job(
                TimeUnit.MINUTES.toNanos(10),
                Long.MAX_VALUE,
                "trap 'echo no' INT; touch " + ready + "; while :; do sleep 0.02; done");
        final CompletableFuture<Integer> code = runAsync(job);
        awaitFile(ready, code);

        job.onSignal("INT", 2);
        job.onSignal("INT", 2);

        assertEquals(130, code.get(30, TimeUnit.SECONDS));
        assertTrue(err().contains("SIGINT while ending, killing rank 0"), err());
    }

    @Test
    void shouldNotNeedAThreadOfTheCommonPool() throws InterruptedException {
        final CountDownLatch isOver = new CountDownLatch(1);
        final ForkJoinPool pool = ForkJoinPool.commonPool();
        for (int i = 0; i < Math.max(1, pool.getParallelism()); i++) {
            pool.execute(() -> awaitQuietly(isOver));
        }

        try {
            assertEquals(7, run("exec sleep " + SLEEP_S, "exit 7"));
        } finally {
            isOver.countDown();
        }
    }

    @Test
    void shouldEndAJobThatRunsOutOfTime() throws InterruptedException {
        final JobLauncher job = job(GRACE_NS, TimeUnit.MILLISECONDS.toNanos(200), "exec sleep " + SLEEP_S);

        assertEquals(JobLauncher.TIMED_OUT, job.run());
        assertTrue(err().contains("out of time"), err());
    }

    @Test
    void shouldSayWhatCannotBeStartedAndEndTheRest() throws InterruptedException {
        final List<MemberCommand> members = List.of(
                new MemberCommand("0", List.of("sleep", Long.toString(SLEEP_S)), Map.of(), false),
                new MemberCommand("1", List.of("/nowhere/program"), Map.of(), false));

        assertEquals(
                JobLauncher.NOT_STARTED, job(GRACE_NS, Long.MAX_VALUE, members).run());
        assertTrue(err().contains("cannot start rank 1"), err());
    }

    @Test
    void shouldStartNothingAfterItWasKilled() throws InterruptedException {
        final Path ready = folder.resolve("ready");
        final JobLauncher job = job(GRACE_NS, Long.MAX_VALUE, "touch " + ready);

        job.kill();
        job.run();

        assertFalse(Files.exists(ready));
    }

    @Test
    void shouldNotWaitForAServerThatOutlivesTheRanks() throws InterruptedException {
        final List<MemberCommand> members = List.of(
                new MemberCommand(RunCommand.SERVER, List.of("sleep", Long.toString(SLEEP_S)), Map.of(), false),
                new MemberCommand("0", List.of("true"), Map.of(), false),
                new MemberCommand("1", List.of("true"), Map.of(), false));

        assertEquals(
                JobLauncher.TIMED_OUT,
                job(TimeUnit.MILLISECONDS.toNanos(300), Long.MAX_VALUE, members).run());
        assertTrue(err().contains("every rank has ended, but not the server"), err());
    }

    private int run(final String... scripts) throws InterruptedException {
        return job(GRACE_NS, Long.MAX_VALUE, scripts).run();
    }

    private JobLauncher job(final long graceNs, final long timeoutNs, final String... scripts) {
        final List<MemberCommand> members = new ArrayList<>();
        for (int i = 0; i < scripts.length; i++) {
            // a test run in the background ignores SIGINT, and all that it starts would
            final List<String> command = List.of("env", "--default-signal=INT", "/bin/sh", "-c", scripts[i]);
            members.add(new MemberCommand(Integer.toString(i), command, Map.of(), false));
        }
        return job(graceNs, timeoutNs, members);
    }

    private JobLauncher job(final long graceNs, final long timeoutNs, final List<MemberCommand> members) {
        final JobLauncher job = new JobLauncher(members, graceNs, timeoutNs, new Console(out, err), null);
        jobs.add(job);
        return job;
    }

    private static CompletableFuture<Integer> runAsync(final JobLauncher job) {
        final CompletableFuture<Integer> code = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        code.complete(job.run());
                    } catch (final InterruptedException e) {
                        code.completeExceptionally(e);
                    }
                })
                .start();
        return code;
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await(5, TimeUnit.MINUTES);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void awaitFile(final Path file, final CompletableFuture<?> owner) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(file)) {
            assertFalse(owner.isDone(), "ended before " + file + " was there");
            assertTrue(System.nanoTime() - deadlineNs < 0, "no " + file);
            Thread.onSpinWait();
        }
    }

    /** A process that has ended may stay listed as a zombie until init reaps it. */
    static void assertGone(final Path pidFile) throws IOException {
        final Path stat = Path.of("/proc", Files.readString(pidFile).strip(), "stat");
        String state;
        try {
            state = Files.readString(stat);
        } catch (final IOException e) {
            return;
        }
        assertTrue(state.matches("(?s)\\d+ \\(.*\\) [ZX] .*"), "still there: " + state);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
