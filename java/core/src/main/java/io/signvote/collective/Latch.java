package io.signvote.collective;

import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The first error of a communicator that this rank knows of. The coordinator confirms an error of this rank some milliseconds
 * later. Until then only the latch keeps a later call from running. Thread-safe, and no method waits.
 */
final class Latch {
    private final Membership membership;
    private final Group group;
    private final UnaryOperator<Failure> explanation;
    private final AtomicReference<First> first = new AtomicReference<>();

    Latch(final Membership membership) {
        this(membership, Group.WORLD, failure -> failure);
    }

    /** A latch that adds the knowledge of this rank to a failure of the job. */
    Latch(final Membership membership, final Group group, final UnaryOperator<Failure> explanation) {
        this.membership = membership;
        this.group = group;
        this.explanation = explanation;
    }

    /** {@return the first error, or null if there is none; then always the same object} */
    VoteException error() {
        final First latched = latched();
        return latched == null ? null : latched.error;
    }

    /** {@return whether the first error came from another member, whose frames may still be in our logs} */
    boolean isOfJob() {
        final First latched = latched();
        return latched != null && latched.isOfJob;
    }

    /** Fails this rank at once, and the job with it, for a failure that names ranks of the communicator; returns the first error. */
    VoteException fail(final Failure failure) {
        final Failure inJob = group.inJob(failure);
        return fail(inJob, Failures.exception(explanation.apply(inJob)));
    }

    /**
     * Fails this rank at once, and the job with it.
     *
     * @param failure for the other members; it names ranks of the job.
     * @param here error for the callers of this rank.
     * @return the first error, which is the job's if this rank knew of its failure already.
     */
    VoteException fail(final Failure failure, final VoteException here) {
        if (latched() == null && first.compareAndSet(null, new First(here, false))) {
            membership.fail(failure);
        }
        return first.get().error;
    }

    private First latched() {
        final First latched = first.get();
        if (latched != null) {
            return latched;
        }
        final Failure failure = membership.failure();
        if (failure != null) {
            first.compareAndSet(null, new First(Failures.exception(group.explained(explanation.apply(failure))), true));
        }
        return first.get();
    }

    private record First(VoteException error, boolean isOfJob) {}
}
