package io.signvote.error;

/** The ranks could not be brought together: one is missing, unknown, or not who it says. */
public final class RendezvousException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public RendezvousException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public RendezvousException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
