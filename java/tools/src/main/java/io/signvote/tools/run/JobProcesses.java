package io.signvote.tools.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * All processes of one job: those that we started, their descendants, and all processes with the job's mark in their
 * environment. The mark finds a process whose parent has ended. Thread-safe.
 */
final class JobProcesses {
    /** Variable that marks a job's processes. */
    static final String MARK = "SIGNVOTE_RUN_MARK";

    private static final Path PROC = Path.of("/proc");
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long EXEC_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String mark;
    private final List<ProcessHandle> started = new ArrayList<>();

    JobProcesses(final String jobId) {
        mark = MARK + "=" + jobId;
    }

    /**
     * Adds a process.
     *
     * @param process that we started.
     */
    synchronized void add(final ProcessHandle process) {
        started.add(process);
    }

    /**
     * The processes that run now.
     *
     * @return a snapshot.
     */
    synchronized List<ProcessHandle> alive() {
        final Map<Long, ProcessHandle> found = new LinkedHashMap<>();
        for (final ProcessHandle process : started) {
            if (process.isAlive()) {
                found.put(process.pid(), process);
            }
            process.descendants().filter(ProcessHandle::isAlive).forEach(child -> found.put(child.pid(), child));
        }
        marked(found);
        return List.copyOf(found.values());
    }

    /**
     * Sends a signal to all processes.
     *
     * @param signal without SIG, as {@code INT}.
     */
    void signal(final String signal) {
        final List<ProcessHandle> alive = alive();
        if ("TERM".equals(signal)) {
            alive.forEach(ProcessHandle::destroy);
            return;
        }
        if ("KILL".equals(signal)) {
            alive.forEach(ProcessHandle::destroyForcibly);
            return;
        }
        if (!alive.isEmpty()) {
            // the JDK sends only TERM and KILL; the kill command of the shell sends the others
            final List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" \"$@\"", signal));
            alive.forEach(process -> command.add(Long.toString(process.pid())));
            try {
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor(1, TimeUnit.SECONDS);
            } catch (final IOException e) {
                alive.forEach(ProcessHandle::destroy);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Ends all processes: TERM, and KILL to those that still run after the grace. Returns once none is left, or a
     * second after KILL. A process in an uninterruptible call can outlive KILL.
     *
     * @param graceNs between TERM and KILL.
     */
    void end(final long graceNs) {
        endSeen(graceNs);
        // the environment of a process cannot be read during an exec: look again after it
        LockSupport.parkNanos(EXEC_NS);
        endSeen(graceNs);
    }

    private void endSeen(final long graceNs) {
        signal("TERM");
        if (!awaitNone(graceNs)) {
            // repeat, because a process may have started another between the search and the signal
            for (int i = 0; i < 10; i++) {
                signal("KILL");
                if (awaitNone(TimeUnit.MILLISECONDS.toNanos(100))) {
                    return;
                }
            }
        }
    }

    /**
     * Waits until none runs.
     *
     * @param timeoutNs longest wait.
     * @return whether none runs.
     */
    boolean awaitNone(final long timeoutNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        boolean isInterrupted = false;
        boolean isNoneLeft = alive().isEmpty();
        // polls instead of using onExit(), which may have no thread to complete on: see JobLauncher
        for (long leftNs = timeoutNs; !isNoneLeft && leftNs > 0; leftNs = deadlineNs - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(leftNs, POLL_NS));
            // a pending interrupt would turn the wait into a spin
            isInterrupted |= Thread.interrupted();
            isNoneLeft = alive().isEmpty();
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return isNoneLeft;
    }

    private void marked(final Map<Long, ProcessHandle> found) {
        final long self = ProcessHandle.current().pid();
        try (Stream<Path> entries = Files.list(PROC)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.isEmpty() && name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid -> pid != self && !found.containsKey(pid) && isMarked(pid))
                    .forEach(pid -> ProcessHandle.of(pid)
                            .filter(ProcessHandle::isAlive)
                            .ifPresent(process -> found.put(pid, process)));
        } catch (final IOException e) {
            // no /proc here: only the processes that we started and their descendants are known
            return;
        }
    }

    private boolean isMarked(final long pid) {
        try {
            final String environment =
                    new String(Files.readAllBytes(PROC.resolve(pid + "/environ")), StandardCharsets.ISO_8859_1);
            return environment.startsWith(mark + "\0") || environment.contains("\0" + mark + "\0");
        } catch (final IOException e) {
            // the process has ended meanwhile, or belongs to another user
            return false;
        }
    }
}
