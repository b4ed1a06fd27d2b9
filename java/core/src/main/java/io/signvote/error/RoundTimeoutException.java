package io.signvote.error;

import java.util.Collection;

/** A round made no progress until its deadline. The message and {@link #ranks()} name the ranks that did not contribute. */
public final class RoundTimeoutException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public RoundTimeoutException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public RoundTimeoutException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public RoundTimeoutException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }

    /** {@return true: the ranks were late, and may be in time in a new communicator} */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
