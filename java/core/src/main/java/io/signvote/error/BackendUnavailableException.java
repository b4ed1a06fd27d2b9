package io.signvote.error;

/** The program or a setting names a kernel backend that cannot run on this machine. */
public final class BackendUnavailableException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public BackendUnavailableException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public BackendUnavailableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
