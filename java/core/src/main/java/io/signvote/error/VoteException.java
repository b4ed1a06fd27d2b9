package io.signvote.error;

/** Base of every error this library throws on purpose. */
public class VoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public VoteException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public VoteException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
