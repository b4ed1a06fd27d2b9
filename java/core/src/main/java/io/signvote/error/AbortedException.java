package io.signvote.error;

import java.util.Collection;

/** The program of a rank failed inside a call, or called abort. {@link #ranks()} is that rank. The message has its reason. */
public final class AbortedException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public AbortedException(final String message, final Collection<Integer> ranks) {
        super(message, ranks);
    }

    /**
     * An error with its facts, the ranks to blame and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     * @param cause what was caught.
     */
    public AbortedException(final String message, final Collection<Integer> ranks, final Throwable cause) {
        super(message, ranks, cause);
    }

    /** {@return true: the failure of that rank may not happen again} */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
