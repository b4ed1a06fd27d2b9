package io.signvote.error;

/** A GPU or its driver refused a call or failed. The message names the call, its sizes and the driver's own code. */
public final class DeviceException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public DeviceException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public DeviceException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
