package io.signvote.transport.aeron;

import io.signvote.bits.Lot;
import java.security.SecureRandom;

/**
 * Numbers of the streams between members. They are derived from the session key. So jobs and ranks that share a driver,
 * or use a port one after the other, have different numbers. Strangers cannot guess them.
 */
final class StreamNames {
    private static final SecureRandom RANDOM = new SecureRandom();

    // Any two different numbers: they only make the two derivations different.
    private static final long SESSIONS = 1;
    private static final long STREAMS = 2;
    private static final int STREAM_BIT = 1 << 30;

    private StreamNames() {}

    /** Aeron session of a sender. Sessions are consecutive from a secret number, so members never share one. */
    static int sessionId(final long sessionKey, final int sender) {
        return (int) Lot.lots(sessionKey, SESSIONS) + sender;
    }

    /** Aeron stream of a receiver. It is positive, and never equal to a {@link #holdingStreamId}. */
    static int streamId(final long sessionKey, final int receiver) {
        return (int) Lot.lots(sessionKey, STREAMS) + receiver & STREAM_BIT - 1 | STREAM_BIT;
    }

    /**
     * Aeron stream of the subscription that holds the port open before the job's key is known. Nobody sends on it. The number
     * is random because Aeron remembers every session that sends to a stream that it knows.
     */
    static int holdingStreamId() {
        return RANDOM.nextInt() & STREAM_BIT - 1;
    }

    /**
     * Aeron session of that subscription. A subscription to all sessions would make a log for any sender of a SETUP, of
     * the length in that SETUP.
     */
    static int holdingSessionId() {
        return RANDOM.nextInt();
    }
}
