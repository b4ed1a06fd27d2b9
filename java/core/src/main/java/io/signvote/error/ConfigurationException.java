package io.signvote.error;

/**
 * A setting, a buffer or an argument is invalid, or the machine lacks something required. Nothing was started, and no data was
 * sent.
 */
public final class ConfigurationException extends VoteException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its facts.
     *
     * @param message facts first, then the remedy.
     */
    public ConfigurationException(final String message) {
        super(message);
    }

    /**
     * An error with its facts and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public ConfigurationException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
