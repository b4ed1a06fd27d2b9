package io.signvote.error;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Assertions about the text of messages. */
public final class Messages {
    private Messages() {}

    /** Asserts that the message of an error contains every text. */
    public static void assertMessage(final Throwable error, final String... texts) {
        assertMessage(error.getMessage(), texts);
    }

    /** Asserts that a message contains every text. */
    public static void assertMessage(final String message, final String... texts) {
        for (final String text : texts) {
            assertTrue(message.contains(text), () -> "not in the message: " + text + "\nmessage: " + message);
        }
    }
}
