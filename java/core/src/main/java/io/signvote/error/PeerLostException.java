package io.signvote.error;

/** A rank died, stopped or gave up; the communicator has failed and its outputs are untouched. */
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
}
