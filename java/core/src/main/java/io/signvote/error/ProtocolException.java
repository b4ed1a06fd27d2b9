package io.signvote.error;

import java.util.Collection;

/** The ranks disagree about a call or a retry, or a peer sent an invalid message on an authenticated connection. */
public final class ProtocolException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public ProtocolException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public ProtocolException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public ProtocolException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }
}
