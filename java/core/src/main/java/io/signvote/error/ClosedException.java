package io.signvote.error;

import java.util.Collection;

/** Another thread closed the communicator of this rank while a call was open. {@link #ranks()} is this rank. */
public final class ClosedException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public ClosedException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }
}
