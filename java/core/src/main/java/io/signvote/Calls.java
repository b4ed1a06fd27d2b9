package io.signvote;

import io.signvote.collective.Engine;
import io.signvote.collective.Failures;
import io.signvote.collective.VerdictSink;
import io.signvote.error.AbortedException;
import io.signvote.error.ClosedException;
import io.signvote.error.ConfigurationException;
import io.signvote.error.InterruptedCallException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.LangUtil;
import org.agrona.concurrent.IdleStrategy;

/**
 * The calls of one communicator, blocking and asynchronous alike: a queue of tasks in front of one {@link Engine}.
 *
 * <pre>
 *  submit --> queued --begin--> running --whole--> decided --commit--> ended
 *             [begun, submitted)                   [ended, decided)
 *  any thread        |------- the owner -------|      |- the committer -|
 * </pre>
 *
 * <p>One thread at a time owns the engine: a thread that waits for a call, or the progress thread while nobody waits.
 * The {@link ProgressThreads progress thread and the committer thread} start with the first asynchronous call. Without a committer thread the
 * owner commits each call before it begins the next. With one, the next round is on the wire during the commit. A
 * blocking call runs alone if no call is open and no progress thread exists. Its thread becomes the owner before it
 * submits the call, and also ends the call. Thread-safe.
 */
final class Calls {
    /** Calls that may be open at once. */
    static final int MOST_OPEN = 64;

    /** The progress thread does not drive these calls now. */
    static final int NOT_DRIVEN = -1;

    private static final VarHandle SUBMITTED = field("submitted", long.class);
    private static final VarHandle DECIDED = field("decided", long.class);
    private static final VarHandle ENDED = field("ended", long.class);
    private static final VarHandle IS_ALONE_WHOLE = field("isAloneWhole", boolean.class);

    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    /** A waiting thread looks again after this time, even if nobody has woken it. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** An event that a thread waits for. */
    interface Outcome {
        boolean isDone();
    }

    private final Communicator communicator;
    private final Engine engine;
    private final IdleStrategy idleStrategy;
    private final AutoCloseable release;
    private final long leaveTimeoutNs;

    private final Object lock = new Object();

    /** Open calls, by their number. Its length is a power of two, and at least {@link #MOST_OPEN} + 1. */
    private final Task[] queue = new Task[2 * MOST_OPEN];

    private final Task[] free = new Task[MOST_OPEN + 1];
    private final Outcome place = this::hasPlace;
    private int freeCount;
    private int madeCount = 1;
    private volatile long submitted;
    private volatile boolean isClosing;
    private boolean isServing;

    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private Task running;
    private long begun;

    /** Task for the next call that runs alone, or null while a call uses it. Not in {@link #free}. Used by the owner. */
    private Task kept;

    /** Task of the call that runs alone, from {@link #takeToRun} to {@link #giveBack}, else null. Used by the owner. */
    private Task alone;

    /** Whether that call is whole, so that only its commit is left. */
    private volatile boolean isAloneWhole;

    private volatile long decided;

    private final AtomicReference<Thread> committer = new AtomicReference<>();
    private volatile long ended;
    private boolean isBroken;

    private final AtomicInteger awaiting = new AtomicInteger();
    private final Waiters waiters = new Waiters();
    private volatile Thread progressThread;
    private volatile Thread commitThread;
    private volatile boolean isReleaseDue;
    private volatile boolean isReleased;
    private volatile boolean isFreed;

    Calls(
            final Communicator communicator,
            final Engine engine,
            final IdleStrategy idleStrategy,
            final long leaveTimeoutNs,
            final AutoCloseable release) {
        this.communicator = communicator;
        this.engine = engine;
        this.idleStrategy = idleStrategy;
        this.leaveTimeoutNs = leaveTimeoutNs;
        this.release = release;
        kept = new Task(communicator);
    }

    // submission, by any thread

    /**
     * Takes a task for a blocking call. The caller prepares it and runs it. If no call is open and no progress thread exists, this
     * thread becomes the owner until it gives the task back.
     *
     * @throws IllegalStateException as {@link #take}.
     */
    Task takeToRun() {
        if (ended == submitted && progressThread == null && owner.compareAndSet(null, Thread.currentThread())) {
            alone = ended != submitted || isReleased ? null : kept != null ? kept : pooled();
            if (alone != null) {
                kept = null;
                return alone;
            }
            letGo();
        } else if (alone != null
                && owner.get() == Thread.currentThread()
                && !Callbacks.ofThread().isInside()) {
            // an earlier call of this thread threw before it was submitted
            alone.clear();
            return alone;
        }
        return take();
    }

    /**
     * Ends the ownership of this thread. Another thread may have submitted a call meanwhile, and the progress thread
     * could not drive it.
     */
    private void letGo() {
        disown();
        if (decided < submitted && awaiting.get() == 0) {
            LockSupport.unpark(progressThread);
        }
    }

    private Task pooled() {
        synchronized (lock) {
            return freeCount > 0 ? free[--freeCount] : null;
        }
    }

    /**
     * Takes a task. The caller prepares it, and runs or starts it. If all tasks are open, this thread drives the engine until one ends.
     *
     * @throws IllegalStateException in a callback if all tasks are open, and after the communicator was closed.
     */
    Task take() {
        while (true) {
            synchronized (lock) {
                ensureOpen();
                if (freeCount > 0) {
                    return free[--freeCount];
                }
                if (madeCount <= MOST_OPEN) {
                    final Task made = new Task(communicator);
                    madeCount++;
                    return made;
                }
            }
            if (Callbacks.ofThread().isInside()) {
                throw new IllegalStateException(
                        MOST_OPEN + " calls are open, and a callback must not wait: submit fewer");
            }
            final long before = ended;
            // a round without progress fails by its own deadline, and makes room
            if (!await(place, communicator.context().timeoutNs())
                    && ended == before
                    && (decided != before || isAloneWhole)) {
                // the other ranks may have submitted the call that this rank could not
                final Failure failure =
                        communicator.branch().group().inJob(new Failure(Failure.Kind.TIMEOUT, List.of(), noPlace()));
                throw engine.fail(failure, new RoundTimeoutException(failure.message()));
            }
        }
    }

    private static VarHandle field(final String name, final Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Calls.class, name, type);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private String noPlace() {
        return MOST_OPEN + " calls of rank " + communicator.rank()
                + " are open, and the sink of the first has not returned within "
                + communicator.context().timeoutNs() / 1_000_000
                + " ms, wait for calls before submitting others or raise signvote.timeout";
    }

    private boolean hasPlace() {
        synchronized (lock) {
            return freeCount > 0 || isClosing;
        }
    }

    /** Gives back a task that was not submitted, or has ended. */
    void giveBack(final Task task) {
        task.clear();
        if (task == alone) {
            kept = task;
            alone = null;
            letGo();
            return;
        }
        final boolean isWanted;
        synchronized (lock) {
            free[freeCount++] = task;
            isWanted = isReleaseDue;
        }
        if (isWanted) {
            releaseIfDue();
        }
    }

    /** Runs a prepared task, gives it back, and returns its answer. */
    float run(final Task task) {
        try {
            final Callbacks callbacks = Callbacks.ofThread();
            callbacks.ensureOutside();
            submit(task);
            final Throwable error;
            if (task == alone && ended == submitted - 1) {
                error = runAlone(task, callbacks);
            } else {
                if (task == alone) {
                    // another thread has submitted a call before this one
                    alone = null;
                    letGo();
                }
                await(task, Long.MAX_VALUE);
                error = task.error();
            }
            if (error != null) {
                LangUtil.rethrowUnchecked(error);
            }
            return task.answer();
        } finally {
            giveBack(task);
        }
    }

    /** Makes the first of the open calls. Other threads see the call as decided only after it has ended. */
    private Throwable runAlone(final Task task, final Callbacks callbacks) {
        boolean isInterrupted = false;
        callbacks.enter();
        try {
            begin();
            while (running != null) {
                final int work = advance();
                if (running != null) {
                    idle(work);
                    if (work == 0) {
                        isInterrupted |= takeInterrupt();
                    }
                }
            }
            IS_ALONE_WHOLE.setRelease(this, true);
            return outcome(task);
        } finally {
            queue[(int) ended & queue.length - 1] = null;
            // disown() follows, and its volatile write makes both visible
            ENDED.setRelease(this, ended + 1);
            DECIDED.setRelease(this, decided + 1);
            IS_ALONE_WHOLE.setRelease(this, false);
            callbacks.leave();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Submits a prepared task, and returns the handle of the call. The task is given back when the call ends. */
    Work start(final Task task) {
        try {
            startThreads();
            final Work work = new Work(this);
            task.work = work;
            submit(task);
            LockSupport.unpark(progressThread);
            return work;
        } catch (final Throwable e) {
            giveBack(task);
            throw e;
        }
    }

    private void submit(final Task task) {
        synchronized (lock) {
            ensureOpen();
            final VoteException error = engine.failure();
            if (error != null) {
                throw error;
            }
            for (long i = ended; i < submitted; i++) {
                final Task open = queue[(int) i & queue.length - 1];
                if (open != null && open.isInConflictWith(task) && isOpen(i)) {
                    throw new ConfigurationException(task.call + " and " + open.call
                            + ", which is open, use the same memory and one of them writes it: wait for the first, or"
                            + " take other memory");
                }
            }
            task.number(submitted + 1);
            queue[(int) submitted & queue.length - 1] = task;
            SUBMITTED.setRelease(this, submitted + 1);
        }
    }

    /**
     * Whether a call was open while this thread read its task. Otherwise the task may be cleared or may belong to
     * another call.
     */
    private boolean isOpen(final long call) {
        VarHandle.loadLoadFence();
        return ended <= call;
    }

    private void ensureOpen() {
        if (isClosing) {
            throw new IllegalStateException("communicator is closed, make another one");
        }
    }

    // waiting, by any thread

    /**
     * Waits for an outcome, and drives the engine meanwhile if no other thread does. An interrupt fails the communicator. The
     * thread keeps its interrupt, and waits on until the owner no longer uses the buffers of the call.
     *
     * @return true if the outcome is done; false if the time ran out.
     */
    boolean await(final Outcome outcome, final long timeoutNs) {
        if (outcome.isDone()) {
            return true;
        }
        Callbacks.ofThread().ensureOutside();
        final long startNs = timeoutNs == Long.MAX_VALUE ? 0 : System.nanoTime();
        boolean isInterrupted = false;
        awaiting.incrementAndGet();
        try {
            while (!outcome.isDone()) {
                final long leftNs =
                        timeoutNs == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNs - (System.nanoTime() - startNs);
                if (leftNs <= 0) {
                    return false;
                }
                if (decided < submitted && owner.compareAndSet(null, Thread.currentThread())) {
                    try {
                        isInterrupted |= driveTo(outcome, startNs, timeoutNs);
                    } finally {
                        disown();
                    }
                } else if (!helpToCommit()) {
                    park(outcome, Math.min(leftNs, LOOK_NS));
                    isInterrupted |= takeInterrupt();
                }
            }
            return true;
        } finally {
            if (awaiting.decrementAndGet() == 0 && decided < submitted) {
                LockSupport.unpark(progressThread);
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean driveTo(final Outcome outcome, final long startNs, final long timeoutNs) {
        boolean isInterrupted = false;
        while (!outcome.isDone()
                && decided < submitted
                && (timeoutNs == Long.MAX_VALUE || System.nanoTime() - startNs < timeoutNs)) {
            final int work = cycle();
            if (work > 0 || !outcome.isDone()) {
                idle(work);
            }
            if (work == 0) {
                isInterrupted |= takeInterrupt();
            }
        }
        return isInterrupted;
    }

    /** Commits one call if it can. A thread that commits does not drive, so the progress thread may drive meanwhile. */
    private boolean helpToCommit() {
        // a call that runs alone ends before it is decided, so this thread reads the counters in the opposite order
        if (decided <= ended) {
            return false;
        }
        if (awaiting.decrementAndGet() == 0 && decided < submitted) {
            LockSupport.unpark(progressThread);
        }
        try {
            return commit();
        } finally {
            awaiting.incrementAndGet();
        }
    }

    /** Takes the interrupt of this thread. An interrupt fails the communicator, unless all calls are decided already. */
    private boolean takeInterrupt() {
        if (!Thread.interrupted()) {
            return false;
        }
        if (decided < submitted || isServing) {
            final Failure failure =
                    ours(Failure.Kind.ABORTED, "rank " + communicator.rank() + " was interrupted inside a call");
            engine.fail(failure, new InterruptedCallException(failure.message(), failure.ranks()));
            waiters.wake();
        }
        return true;
    }

    private void park(final Outcome outcome, final long timeoutNs) {
        final Thread thread = Thread.currentThread();
        waiters.add(thread);
        try {
            // look again: from here on, a thread that changes it also wakes this one
            if (!outcome.isDone() && (owner.get() != null || decided == submitted) && !isReleased) {
                LockSupport.parkNanos(this, timeoutNs);
            }
        } finally {
            waiters.remove(thread);
        }
    }

    // the owner

    private int cycle() {
        return cycle(true);
    }

    /**
     * One duty cycle. Never throws: an error becomes the outcome of the calls that it ends.
     *
     * @param mayCommit whether this thread may write results, or leaves them to the committer thread.
     */
    private int cycle(final boolean mayCommit) {
        final Callbacks callbacks = Callbacks.ofThread();
        callbacks.enter();
        try {
            int work = 0;
            if (running == null && begun < submitted && hasRoomForResult()) {
                begin();
                work++;
            }
            if (running != null) {
                work += advance();
            }
            if (running == null && ended != decided) {
                if (commitThread == null || mayCommit && begun == submitted) {
                    work += commit() ? 1 : 0;
                } else {
                    LockSupport.unpark(commitThread);
                }
            }
            return work;
        } finally {
            callbacks.leave();
        }
    }

    /** At most two results are kept: one that is committed, and one of the round that runs. After a failure no round runs. */
    private boolean hasRoomForResult() {
        return decided - ended <= (commitThread == null ? 0 : 1) || engine.failure() != null;
    }

    /** Idles by the caller's strategy. If the strategy throws, the call fails as if its source had thrown. */
    void idle(final int work) {
        try {
            idleStrategy.idle(work);
        } catch (final Throwable e) {
            if (running == null) {
                fail(engine.call() + " round=" + engine.roundId(), e);
            } else {
                failRunning(e);
                // no duty cycle may follow that would end the call
                LockSupport.unpark(commitThread);
            }
        }
    }

    private void begin() {
        running = queue[(int) begun & queue.length - 1];
        begun = begun + 1;
        try {
            engine.begin(running.call, running.source, running.shards, ended != decided);
            running.onBegun();
        } catch (final Throwable e) {
            failRunning(e);
        }
    }

    private int advance() {
        try {
            final int work = engine.doWork();
            if (engine.isIdle()) {
                onWhole();
            }
            return work;
        } catch (final Throwable e) {
            failRunning(e);
            return 1;
        }
    }

    private void onWhole() {
        if (running.hasSecondRound(engine.result())) {
            // the round of lengths has a result of its own, so the result of the call before stays in place
            engine.begin(running.call, running.source, running.shards, false);
            return;
        }
        communicator.census().onTies(engine.ties());
        running.result = engine.result();
        running.roundId = engine.roundId();
        decide();
    }

    private void failRunning(final Throwable error) {
        running.failure = error;
        fail(running.call + " round=" + engine.roundId(), error);
        decide();
    }

    private void decide() {
        running = null;
        if (alone != null) {
            return;
        }
        decided = decided + 1;
        if (commitThread != null) {
            waiters.wake();
        }
    }

    /** Fails this rank and the job for an error of a source or a sink. An error of the engine has done that already. */
    private void fail(final String where, final Throwable error) {
        if (error != engine.failure()) {
            final Failure failure = communicator
                    .branch()
                    .group()
                    .inJob(Failures.aborted(where, communicator.rank(), communicator.size(), error));
            engine.fail(failure, new AbortedException(failure.message(), failure.ranks(), error));
            wakeAll();
        }
    }

    /** A failure that names this rank. */
    private Failure ours(final Failure.Kind kind, final String message) {
        return communicator.branch().group().inJob(new Failure(kind, List.of(communicator.rank()), message));
    }

    private void disown() {
        owner.set(null);
        releaseIfDue();
        waiters.wake();
    }

    // the committer

    /**
     * Ends the next decided call: writes its results, or abandons it. One thread at a time commits, in order. Once a sink has
     * thrown, no later call succeeds.
     *
     * @return whether a call was ended.
     */
    boolean commit() {
        if (decided <= ended || !committer.compareAndSet(null, Thread.currentThread())) {
            return false;
        }
        final Callbacks callbacks = Callbacks.ofThread();
        callbacks.enter();
        boolean isEnded = false;
        try {
            if (decided > ended) {
                final Task task = queue[(int) ended & queue.length - 1];
                final Throwable error = outcome(task);
                queue[(int) ended & queue.length - 1] = null;
                ended = ended + 1;
                isEnded = true;
                end(task, error);
            }
        } finally {
            committer.set(null);
            callbacks.leave();
        }
        if (ended != decided) {
            // a thread that found the committer busy does not try again
            LockSupport.unpark(commitThread);
        }
        waiters.wake();
        releaseIfDue();
        return isEnded;
    }

    private Throwable outcome(final Task task) {
        final Throwable failure = task.failure == null && isBroken ? engine.failure() : task.failure;
        final VerdictSink sink = task.sink;
        if (failure == null) {
            try {
                sink.commit(task.result, task.call.count());
                return null;
            } catch (final Throwable e) {
                isBroken = true;
                fail(task.call + " round=" + task.roundId, e);
                return e;
            }
        }
        try {
            sink.abandon(failure);
        } catch (final Throwable e) {
            System.getLogger("io.signvote").log(System.Logger.Level.ERROR, "giving up " + task.call + " failed", e);
        }
        return failure;
    }

    private void end(final Task task, final Throwable error) {
        final Work work = task.work;
        if (work == null) {
            task.done(error);
        } else {
            giveBack(task);
            work.complete(error);
        }
    }

    // threads of asynchronous calls

    private void startThreads() {
        if (progressThread != null) {
            return;
        }
        synchronized (lock) {
            ensureOpen();
            if (progressThread == null) {
                communicator
                        .branch()
                        .shared()
                        .threads()
                        .add(this, communicator.branch().group().worldRank(communicator.rank()));
            }
        }
    }

    /** Both threads serve these calls from now on. */
    void onThreads(final Thread progress, final Thread commit) {
        commitThread = commit;
        progressThread = progress;
    }

    /**
     * One duty cycle of the progress thread, if calls are open and no thread waits for one. It stays the owner until one of both
     * changes.
     *
     * @param mayCommit whether it may write results. A slow sink would then keep it from the calls of other communicators.
     * @return work done, or {@link #NOT_DRIVEN}.
     */
    int progress(final boolean mayCommit) {
        final Thread thread = Thread.currentThread();
        if (isReleased) {
            return NOT_DRIVEN;
        }
        if (owner.get() != thread && !(isLeftToProgress() && owner.compareAndSet(null, thread))) {
            return NOT_DRIVEN;
        }
        if (isLeftToProgress()) {
            return cycle(mayCommit);
        }
        disown();
        return NOT_DRIVEN;
    }

    private boolean isLeftToProgress() {
        return awaiting.get() == 0 && decided < submitted;
    }

    // the end

    /** Fails every open call on every rank. Does not wait. */
    void abort(final String reason) {
        if (reason == null) {
            throw new ConfigurationException("abort: reason=null, say why");
        }
        final List<Integer> ranks = List.of(communicator.branch().group().worldRank(communicator.rank()));
        engine.fail(new Failure(Failure.Kind.ABORTED, ranks, reason), new AbortedException(reason, ranks));
        wakeAll();
    }

    /** Fails the job for an error outside of any round. Otherwise the other ranks would wait for our ballots. */
    void abort(final Throwable error) {
        final String last = engine.call() + " round=" + engine.roundId();
        fail(engine.roundId() == 0 ? "before the first call" : "after " + last, error);
    }

    private void wakeAll() {
        LockSupport.unpark(progressThread);
        LockSupport.unpark(commitThread);
        waiters.wake();
    }

    /**
     * Serves rounds that others begin, until all of them have left.
     *
     * @throws VoteException as a call does.
     */
    void serve() {
        if (!owner.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("the communicator has an owner already");
        }
        boolean isInterrupted = false;
        try {
            synchronized (lock) {
                ensureOpen();
                isServing = true;
            }
            while (!engine.isDeserted()) {
                final int work = engine.doWork();
                idleStrategy.idle(work);
                isInterrupted |= work == 0 && takeInterrupt();
            }
        } catch (final Throwable e) {
            fail(engine.call() + " round=" + engine.roundId(), e);
            throw e;
        } finally {
            synchronized (lock) {
                isServing = false;
            }
            disown();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Leaves, and releases everything that a duty cycle uses, once no thread is inside one. An open call fails. This waits at
     * most five seconds for the owner and the committer. A thread that takes longer releases everything itself when it returns.
     */
    void close() {
        final boolean isSecond;
        synchronized (lock) {
            isSecond = isClosing;
            isClosing = true;
            final long whole = isAloneWhole ? 1 : 0;
            if (!isSecond && (decided + whole < submitted || isServing)) {
                final Failure failure =
                        ours(Failure.Kind.LEFT, "rank " + communicator.rank() + " was closed while a call was open");
                engine.fail(failure, new ClosedException(failure.message(), failure.ranks()));
            }
        }
        wakeAll();
        if (Callbacks.ofThread().isInside()) {
            // the duty cycle or the commit that this thread is inside of must end first
            final Thread closing = new Thread(() -> awaitRelease(isSecond), "signvote-close-" + communicator.rank());
            closing.setDaemon(true);
            closing.start();
        } else {
            awaitRelease(isSecond);
        }
    }

    private void awaitRelease(final boolean isSecond) {
        try (Departure departure = new Departure()) {
            final long startNs = System.nanoTime();
            if (isSecond) {
                while (!isFreed && System.nanoTime() - startNs < 2 * CLOSE_TIMEOUT_NS + leaveTimeoutNs) {
                    departure.park(this);
                }
                return;
            }
            while (!isReleased && System.nanoTime() - startNs < CLOSE_TIMEOUT_NS) {
                if (!tryRelease(departure)) {
                    departure.park(this);
                }
            }
            isReleaseDue = true;
            releaseIfDue();
        }
    }

    /** Runs a listener of a call that is done already, under the rules of all callbacks. */
    void run(final Runnable listener) {
        final Callbacks callbacks = Callbacks.ofThread();
        callbacks.enter();
        try {
            listener.run();
        } finally {
            callbacks.leave();
            releaseIfDue();
        }
    }

    private void releaseIfDue() {
        // check again after each try: another thread may have given up its role during the try, and could not release
        // then
        while (isReleaseDue
                && !isReleased
                && !Callbacks.ofThread().isInside()
                && owner.get() == null
                && committer.get() == null
                && isQuiet()) {
            try (Departure departure = new Departure()) {
                tryRelease(departure);
            }
        }
    }

    /** Ends all calls and releases everything, if no other thread is inside a duty cycle, a commit or a submission. */
    private boolean tryRelease(final Departure departure) {
        if (!owner.compareAndSet(null, Thread.currentThread())) {
            return false;
        }
        if (isReleased) {
            owner.set(null);
            return true;
        }
        while (decided < submitted) {
            cycle();
        }
        while (ended != decided && commit()) {
            // in order
        }
        if (ended != submitted || !isQuiet() || !committer.compareAndSet(null, Thread.currentThread())) {
            owner.set(null);
            return false;
        }
        // this thread keeps both roles: no other thread drives or commits again
        try {
            if (engine.failure() == null && engine.isIdle()) {
                departure.leave(engine, leaveTimeoutNs, idleStrategy);
            }
        } finally {
            isReleased = true;
            communicator.branch().shared().threads().remove(this);
            wakeAll();
            try {
                CloseHelper.closeAll(release, this::freeTasks);
            } finally {
                isFreed = true;
            }
        }
        return true;
    }

    /** Whether no thread holds a task. */
    private boolean isQuiet() {
        synchronized (lock) {
            return freeCount + (kept == null ? 0 : 1) == madeCount;
        }
    }

    private void freeTasks() {
        for (int i = 0; i < freeCount; i++) {
            free[i].close();
        }
        if (kept != null) {
            kept.close();
        }
    }
}
