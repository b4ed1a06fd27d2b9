package io.signvote.tools.run;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Runs the processes of one launcher, from the start to the end of the last one. The first failure ends the job: the
 * launcher reports it, and ends all other processes (TERM, then KILL after a grace). Its code is the job's code. With
 * {@code --keep-going} the launcher ends no process and starts none again, and a {@link Judge} computes its code at the
 * end.
 *
 * <p>One thread calls {@link #run()}. Any thread may call {@link #onSignal} and {@link #kill()}.
 */
final class JobLauncher {
    /** Code of a job that ran out of time, as of {@code timeout(1)}. */
    static final int TIMED_OUT = 124;

    /** Code of a job whose program could not be started, as of a shell. */
    static final int NOT_STARTED = 127;

    /** A code above this is this plus the number of a signal, as of a shell and {@link Process#waitFor()}. */
    static final int SIGNALLED = 128;

    private static final long PUMP_TIMEOUT_MS = 2_000;

    private final List<MemberCommand> members;
    private final long graceNs;
    private final long timeoutNs;
    private final Console console;
    private final String id =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final JobProcesses processes = new JobProcesses(id);
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Thread> pumps = new ArrayList<>();
    private final boolean[] hasEnded;
    private final Endings endings = new Endings();
    private final Judge judge;
    private boolean isKilled;
    private int outcome;

    /** Computes the code of a launcher with {@code --keep-going}. */
    interface Judge {
        /**
         * Computes the code.
         *
         * @param endings of all processes.
         * @return the launcher's code.
         * @throws InterruptedException if interrupted.
         */
        int code(Endings endings) throws InterruptedException;
    }

    /**
     * Makes a job that has not started.
     *
     * @param members processes to start, in this order.
     * @param graceNs between TERM and KILL.
     * @param timeoutNs for the whole job, {@link Long#MAX_VALUE} for none.
     * @param console for output and messages.
     * @param judge of a launcher with {@code --keep-going}, else null.
     */
    JobLauncher(
            final List<MemberCommand> members,
            final long graceNs,
            final long timeoutNs,
            final Console console,
            final Judge judge) {
        this.judge = judge;
        this.members = List.copyOf(members);
        this.graceNs = graceNs;
        this.timeoutNs = timeoutNs;
        this.console = console;
        hasEnded = new boolean[members.size()];
    }

    /**
     * Starts all processes and waits until none is left.
     *
     * @return 0 if all processes ended with 0, else the code of the first that did not, {@link #TIMED_OUT},
     *     {@link #NOT_STARTED}, or 128 plus the signal that ended the job. With a judge, the code of the judge.
     * @throws InterruptedException if interrupted; call {@link #kill()} then.
     */
    int run() throws InterruptedException {
        final long startNs = System.nanoTime();
        if (startAll()) {
            watch(startNs);
        }
        // ends processes that a member has left in the background
        processes.end(graceNs);
        for (final Thread pump : pumps) {
            pump.join(PUMP_TIMEOUT_MS);
        }
        return outcome;
    }

    /**
     * Passes a signal on to all processes. It kills those that still run after the grace. A second signal kills all at
     * once.
     *
     * @param name without SIG, as {@code INT}.
     * @param number of the signal.
     */
    void onSignal(final String name, final int number) {
        events.add(new Signalled(name, number));
    }

    /** Ends every process now, and prevents new ones. For shutdown hooks. Calling it again does nothing. */
    void kill() {
        synchronized (processes) {
            isKilled = true;
        }
        processes.end(graceNs);
    }

    private boolean startAll() {
        for (int i = 0; i < members.size(); i++) {
            try {
                if (!start(i)) {
                    return false;
                }
            } catch (final IOException e) {
                console.say("cannot start " + members.get(i).name() + ": " + e.getMessage());
                outcome = NOT_STARTED;
                return false;
            }
        }
        return true;
    }

    private boolean start(final int index) throws IOException {
        final MemberCommand member = members.get(index);
        final ProcessBuilder builder = new ProcessBuilder(member.command());
        builder.environment().keySet().removeAll(Services.OVERRIDES);
        builder.environment().putAll(member.environment());
        builder.environment().put(JobProcesses.MARK, id);
        builder.redirectInput(new File("/dev/null"));
        final Process process;
        synchronized (processes) {
            if (isKilled) {
                return false;
            }
            process = builder.start();
            processes.add(process.toHandle());
        }
        pump(member, process.getInputStream(), false);
        pump(member, process.getErrorStream(), true);
        watchOver(index, process);
        return true;
    }

    /**
     * Waits for a process on a thread of its own. {@link Process#onExit()} completes on the common pool, which has one
     * thread on two cores, and other code may block it.
     */
    private void watchOver(final int index, final Process process) {
        final Thread watcher = new Thread(
                () -> {
                    try {
                        events.add(new Ended(index, process.waitFor()));
                    } catch (final InterruptedException e) {
                        // no code has a reference to this thread to interrupt it
                        throw new IllegalStateException(e);
                    }
                },
                members.get(index).label() + "-exit");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watch(final long startNs) throws InterruptedException {
        int running = members.size();
        long deadlineNs = timeoutNs == Long.MAX_VALUE ? Long.MAX_VALUE : startNs + timeoutNs;
        boolean isEnding = false;
        boolean isKilling = false;
        while (running > 0) {
            final Event event = deadlineNs == Long.MAX_VALUE
                    ? events.take()
                    : events.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event instanceof Ended ended) {
                running--;
                hasEnded[ended.index()] = true;
                endings.add(ended.code(), System.nanoTime());
                if (judge != null && !isEnding) {
                    console.say(members.get(ended.index()).name() + " ended with " + describe(ended.code())
                            + (running == 0
                                    ? ""
                                    : ", " + running
                                            + (running == 1 ? " process still runs" : " processes still run")));
                } else if (ended.code() != 0 && !isEnding) {
                    isEnding = true;
                    outcome = ended.code();
                    console.say(members.get(ended.index()).name() + " ended with " + describe(ended.code())
                            + others(running));
                    processes.signal("TERM");
                    deadlineNs = System.nanoTime() + graceNs;
                } else if (running == 1 && isServerAlone() && !isEnding && deadlineNs == Long.MAX_VALUE) {
                    deadlineNs = System.nanoTime() + graceNs;
                }
            } else if (event instanceof Signalled signalled) {
                if (isEnding) {
                    console.say("SIG" + signalled.name() + " while ending, killing " + left());
                    processes.signal("KILL");
                } else {
                    isEnding = true;
                    outcome = SIGNALLED + signalled.number();
                    console.say("SIG" + signalled.name() + others(running));
                    processes.signal(signalled.name());
                    deadlineNs = System.nanoTime() + graceNs;
                }
            } else if (isKilling) {
                console.say("not even KILL ended " + left() + ", an uninterruptible call holds it");
                return;
            } else if (isEnding) {
                isKilling = true;
                console.say("killed after TERM and the grace: " + left());
                processes.end(0);
                deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PUMP_TIMEOUT_MS);
            } else {
                isEnding = true;
                outcome = TIMED_OUT;
                console.say((isServerAlone() ? "every rank has ended, but not the server" : "the job ran out of time")
                        + others(running));
                processes.signal("TERM");
                deadlineNs = System.nanoTime() + graceNs;
            }
        }
        if (judge != null && !isEnding) {
            outcome = judge.code(endings);
        }
    }

    private boolean isServerAlone() {
        for (int i = 0; i < hasEnded.length; i++) {
            if (!hasEnded[i] && !RunCommand.SERVER.equals(members.get(i).label())) {
                return false;
            }
        }
        return true;
    }

    private String left() {
        final StringBuilder names = new StringBuilder();
        for (int i = 0; i < hasEnded.length; i++) {
            if (!hasEnded[i]) {
                names.append(names.isEmpty() ? "" : ", ").append(members.get(i).name());
            }
        }
        return names.toString();
    }

    private static String others(final int running) {
        return running == 0 ? "" : ", ending " + running + (running == 1 ? " process" : " processes");
    }

    private static String describe(final int code) {
        return switch (code) {
            case SIGNALLED + 2 -> "code 130 (SIGINT)";
            case SIGNALLED + 6 -> "code 134 (SIGABRT)";
            case SIGNALLED + 9 -> "code 137 (SIGKILL, perhaps out of memory)";
            case SIGNALLED + 11 -> "code 139 (SIGSEGV)";
            case SIGNALLED + 15 -> "code 143 (SIGTERM)";
            default -> "code " + code;
        };
    }

    private void pump(final MemberCommand member, final InputStream stream, final boolean isError) {
        final Thread pump =
                new Thread(() -> drain(member, stream, isError), member.label() + (isError ? "-stderr" : "-stdout"));
        pump.setDaemon(true);
        pump.start();
        pumps.add(pump);
    }

    private void drain(final MemberCommand member, final InputStream stream, final boolean isError) {
        final byte[] bytes = new byte[8192];
        final LineSplitter lines = new LineSplitter(
                ("[" + member.label() + "] ").getBytes(StandardCharsets.UTF_8),
                line -> console.line(isError, line),
                System::nanoTime);
        try (stream) {
            for (int length = stream.read(bytes); length >= 0; length = stream.read(bytes)) {
                if (length == 0) {
                    continue;
                }
                if (member.isRaw()) {
                    console.raw(isError, bytes, length);
                } else {
                    lines.accept(bytes, length);
                }
            }
        } catch (final IOException e) {
            console.say("the output of " + member.name() + " broke off: " + e.getMessage());
        }
        lines.end();
    }

    private sealed interface Event permits Ended, Signalled {}

    private record Ended(int index, int code) implements Event {}

    private record Signalled(String name, int number) implements Event {}
}
