package io.signvote.error;

import java.util.Collection;
import java.util.List;

/** The ranks could not meet: a rank is missing, joined twice, has other settings, or was refused. */
public final class RendezvousException extends VoteException {
    private static final long serialVersionUID = 1L;

    /** Whether this rank waited in vain, and a new communicator may succeed. */
    private final boolean isRetryable;

    /**
     * A refusal with its facts: the same program fails again.
     *
     * @param message facts first, then the remedy.
     */
    public RendezvousException(final String message) {
        this(message, List.of(), false);
    }

    /**
     * A refusal with its facts and the first cause: the same program fails again.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public RendezvousException(final String message, final Throwable cause) {
        this(message, List.of(), false, cause);
    }

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     * @param isRetryable whether this rank waited in vain, and a new communicator may succeed.
     */
    public RendezvousException(final String message, final Collection<Integer> ranks, final boolean isRetryable) {
        super(message, ranks);
        this.isRetryable = isRetryable;
    }

    /**
     * An error with its facts, the ranks to blame and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     * @param isRetryable whether this rank waited in vain, and a new communicator may succeed.
     * @param cause what was caught.
     */
    public RendezvousException(
            final String message, final Collection<Integer> ranks, final boolean isRetryable, final Throwable cause) {
        super(message, ranks, cause);
        this.isRetryable = isRetryable;
    }

    /**
     * {@return true if other ranks did not come in time: a new communicator may succeed; false if this rank was refused}
     */
    @Override
    public boolean isRetryable() {
        return isRetryable;
    }
}
