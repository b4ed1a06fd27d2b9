package io.signvote.error;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What messages say. */
public final class Messages {
    private Messages() {}

    /** Asserts that the message of an error contains each of some texts. */
    public static void assertMessage(final Throwable error, final String... texts) {
        assertMessage(error.getMessage(), texts);
    }

    /** Asserts that a message contains each of some texts. */
    public static void assertMessage(final String message, final String... texts) {
        for (final String text : texts) {
            assertTrue(message.contains(text), () -> "not in the message: " + text + "\nmessage: " + message);
        }
    }
}
