package io.signvote;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.LangUtil;

/**
 * An asynchronous call. The caller lends its buffers from the submission until {@link #isDone()}. Until then it does not write
 * the source and does not use the target. A call is done when its results are written, or when it has failed.
 *
 * <p>Thread-safe. One instance takes 32 bytes on the heap, with compressed references. The call itself allocates nothing else.
 */
public final class Work implements Calls.Outcome {
    private static final Runnable NONE = () -> {};

    private final Calls calls;
    private Throwable error;
    private Runnable listener = NONE;
    private volatile boolean isDone;

    Work(final Calls calls) {
        this.calls = calls;
    }

    /** {@return whether the call is done: its results are written, or it has failed} Does no work and does not wait. */
    @Override
    public boolean isDone() {
        return isDone;
    }

    /** {@return why the call failed; null while it is not done, and if it succeeded} */
    public Throwable error() {
        return isDone ? error : null;
    }

    /**
     * Waits until the call is done. The calling thread drives the communicator meanwhile, if no other thread does.
     *
     * @throws io.signvote.error.VoteException if the call has failed.
     * @throws io.signvote.error.InterruptedCallException if this thread is interrupted. The communicator has failed then.
     * @throws IllegalStateException inside a source, a sink or a listener: they must not wait.
     */
    public void await() {
        calls.await(this, Long.MAX_VALUE);
        if (error != null) {
            LangUtil.rethrowUnchecked(error);
        }
    }

    /**
     * Waits until the call is done, but no longer than a timeout. A call that is not done by then goes on.
     *
     * @param timeout most time to wait.
     * @param unit of the timeout.
     * @return true if the call is done; false if the time ran out.
     * @throws io.signvote.error.VoteException as {@link #await()}, if the call has failed.
     */
    public boolean await(final long timeout, final TimeUnit unit) {
        if (!calls.await(this, unit.toNanos(timeout))) {
            return false;
        }
        if (error != null) {
            LangUtil.rethrowUnchecked(error);
        }
        return true;
    }

    /**
     * Runs an action when the call is done, on the thread that completes it. If the call is done already, the action
     * runs at once on this thread. Actions that were added before the end of the call run in their order. An action may
     * submit asynchronous calls. It must not wait for a call.
     *
     * @param action must be short. An error that it throws is logged.
     * @return this.
     */
    public Work whenDone(final Runnable action) {
        Objects.requireNonNull(action, "action");
        synchronized (this) {
            if (!isDone) {
                final Runnable before = listener;
                listener = before == NONE
                        ? action
                        : () -> {
                            run(before);
                            action.run();
                        };
                return this;
            }
        }
        calls.run(() -> run(action));
        return this;
    }

    /** {@return a new future that completes when the call is done, with null or with its error} */
    public CompletableFuture<Void> toFuture() {
        final CompletableFuture<Void> future = new CompletableFuture<>();
        whenDone(() -> {
            if (error == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(error);
            }
        });
        return future;
    }

    /** Ends the call and runs its listeners. The calling thread is marked as being inside a callback. */
    void complete(final Throwable outcome) {
        final Runnable action;
        synchronized (this) {
            error = outcome;
            isDone = true;
            action = listener;
            listener = NONE;
        }
        run(action);
    }

    private static void run(final Runnable action) {
        try {
            action.run();
        } catch (final Throwable e) {
            System.getLogger("io.signvote").log(System.Logger.Level.ERROR, "a listener of a call threw", e);
        }
    }
}
