package io.signvote.error;

import java.util.Collection;

/** A thread of this rank was interrupted while it waited for a call. It keeps its interrupt. {@link #ranks()} is this rank. */
public final class InterruptedCallException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public InterruptedCallException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }

    /** {@return true: the same call may succeed without an interrupt} */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
