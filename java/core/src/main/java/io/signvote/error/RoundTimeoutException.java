package io.signvote.error;

/** A round did not end within its deadline; the message names the ranks that have not contributed. */
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
}
