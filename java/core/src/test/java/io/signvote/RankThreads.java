package io.signvote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one simulated rank: the thread of its program, a second thread of its program, and the threads of asynchronous calls.
 * One of them drives the engine at a time, and it drives on only when the others wait. So a hand-over of the engine from one thread to
 * another leaves the schedule to its seed.
 *
 * <pre>
 * program:  submits ---- sleep() ...................... wakes, awaits ---------- drives
 * progress:           drives - settle() - wake(), once the program may go on ... parks
 * </pre>
 */
final class RankThreads {
    private static final VarHandle SUBMITTED = field("submitted", long.class);
    private static final VarHandle DECIDED = field("decided", long.class);
    private static final VarHandle ENDED = field("ended", long.class);
    private static final VarHandle AWAITING = field("awaiting", AtomicInteger.class);

    private final Communicator communicator;
    private final Calls calls;
    private final AtomicInteger awaiting;
    private final Thread program = Thread.currentThread();
    private final Semaphore awake = new Semaphore(0);
    private Thread second;
    private volatile boolean isAsleep;
    private volatile boolean isInTurn;
    private boolean hasOpenCalls;
    private Work awaited;
    private int idlesToSleep;

    /** Of the calling thread, which runs the program. */
    RankThreads(final Communicator communicator) {
        this.communicator = communicator;
        calls = communicator.calls();
        awaiting = (AtomicInteger) AWAITING.get(calls);
    }

    /** Starts the second thread of the program, inside an idle of the first, and waits until it waits for its call or is done. */
    void startSecond(final Runnable task) {
        second = new Thread(task, "second thread of a simulated rank");
        second.setDaemon(true);
        second.start();
        awaitParked(second);
    }

    /** Whether the calling thread belongs to the program, so that an interrupt of it is one of the program. */
    boolean isOfProgram() {
        final Thread caller = Thread.currentThread();
        return caller == program || caller == second;
    }

    /** The second thread, if it waits for its call while the first drives; else null. */
    Thread waiting() {
        return second != null && !isAsleep ? second : null;
    }

    /** The program waits until its second thread is done. */
    void joinSecond() throws InterruptedException {
        final boolean isInterrupted = Thread.interrupted();
        isAsleep = true;
        second.join();
        isAsleep = false;
        second = null;
        keep(isInterrupted);
    }

    /**
     * The program waits while the progress thread drives, until a call is done or that thread has idled some times.
     *
     * @param isSubmitted whether the program has submitted calls since a thread drove last. Else this returns at once if that
     *     thread left no open call.
     */
    void sleep(final Work work, final int mostIdles, final boolean isSubmitted) throws InterruptedException {
        if (!isSubmitted && !hasOpenCalls) {
            return;
        }
        final boolean isInterrupted = Thread.interrupted();
        awaited = work;
        idlesToSleep = mostIdles;
        isAsleep = true;
        // close() ends the calls of a failed rank on another thread, which never idles
        while (!awake.tryAcquire(1, TimeUnit.MILLISECONDS)) {
            if (work.isDone() && communicator.failure() != null && !isInTurn) {
                break;
            }
        }
        isAsleep = false;
        keep(isInterrupted);
    }

    private static void keep(final boolean isInterrupted) {
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Begins a turn of the calling thread, in its idle. Waits for the program to sleep if this is another thread, and for the end of
     * all calls that are decided.
     *
     * @return false if the communicator has failed: nothing waits for other ranks any more.
     */
    boolean enter() {
        isInTurn = true;
        while (Thread.currentThread() != program && !isAsleep && communicator.failure() == null) {
            Thread.yield();
        }
        while ((long) ENDED.getVolatile(calls) != decided(calls)) {
            Thread.yield();
        }
        if (communicator.failure() != null) {
            isInTurn = false;
            return false;
        }
        return true;
    }

    /** Ends the turn. The program wakes if it has slept long enough. */
    void leave() {
        hasOpenCalls = decided(calls) < (long) SUBMITTED.getVolatile(calls);
        final boolean isOfProgress = !isOfProgram();
        if (isOfProgress && awaited != null && (awaited.isDone() || --idlesToSleep <= 0)) {
            final Work work = awaited;
            awaited = null;
            isAsleep = false;
            awake.release();
            while (!work.isDone() && awaiting.get() == 0) {
                Thread.yield();
            }
        }
        isInTurn = false;
    }

    /** Number of calls that the engine has decided. Their results may not be written yet. */
    static long decided(final Calls calls) {
        return (long) DECIDED.getVolatile(calls);
    }

    /** Waits until a thread waits for its call, or is done. */
    private static void awaitParked(final Thread thread) {
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.yield();
        }
    }

    private static VarHandle field(final String name, final Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(Calls.class, MethodHandles.lookup())
                    .findVarHandle(Calls.class, name, type);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
