package io.signvote.transport.aeron;

import io.signvote.bits.Lot;
import java.security.SecureRandom;

/**
 * Numbers under which members find each other's streams. Derived from the session key, so that jobs and ranks that
 * share a driver or follow each other on a port never cross, and strangers cannot guess them.
 */
final class StreamNames {
    private static final SecureRandom RANDOM = new SecureRandom();

    // Any two fixed numbers: they only keep the two derivations apart.
    private static final long SESSIONS = 1;
    private static final long STREAMS = 2;
    private static final int STREAM_BIT = 1 << 30;

    private StreamNames() {}

    /** Aeron session of all that a member sends: consecutive from a secret number, so members never share one. */
    static int sessionId(final long sessionKey, final int sender) {
        return (int) Lot.lots(sessionKey, SESSIONS) + sender;
    }

    /** Aeron stream that a member receives: positive, and never a {@link #holdingStreamId}. */
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
     * Aeron session of that subscription. A subscription to all sessions makes a log for whoever sends a SETUP, of the length
     * that the SETUP names.
     */
    static int holdingSessionId() {
        return RANDOM.nextInt();
    }
}
