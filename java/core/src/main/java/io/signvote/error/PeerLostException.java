package io.signvote.error;

import java.util.Collection;

/** A rank died, stopped or left, or a link or the coordinator was lost. The communicator has failed; outputs are untouched. */
public final class PeerLostException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public PeerLostException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public PeerLostException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public PeerLostException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }

    /** {@return true: a new communicator may succeed once the lost rank is back, or without it} */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
