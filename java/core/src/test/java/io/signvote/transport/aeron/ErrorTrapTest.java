package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorTrapTest {
    @Test
    void shouldCutWhatIsWrappedAroundTheReason() {
        assertReason(
                "Address already in use",
                "ERROR - io.aeron.exceptions.AeronException : ERROR - channel error - Address already in use"
                        + " (at java.base/sun.nio.ch.Net.bind0(Native Method)): aeron:udp?tags=2|so-rcvbuf=4m,"
                        + " errorCodeValue=11");
        assertReason("no such driver", "FATAL - no such driver");
        assertReason("a plain reason: with a colon", "a plain reason: with a colon");
        assertReason("ERROR - ", "ERROR - ");
        assertReason("java.lang.IllegalStateException", null);
    }

    private static void assertReason(final String expected, final String message) {
        assertEquals(expected, ErrorTrap.reason(new IllegalStateException(message)));
    }
}
