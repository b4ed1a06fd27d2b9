package io.signvote.transport.aeron;

import io.signvote.bits.Lot;

/**
 * Numbers under which members find each other's streams. Derived from the session key, so that jobs and ranks that
 * share a driver or follow each other on a port never cross, and strangers cannot guess them.
 */
final class StreamNames {
    /** Stream of the subscription that holds the port open before the job's key is known. Nobody sends on it. */
    static final int HOLDING_STREAM_ID = 1;

    // Any two fixed numbers: they only keep the two derivations apart.
    private static final long SESSIONS = 1;
    private static final long STREAMS = 2;
    private static final int STREAM_BIT = 1 << 30;

    private StreamNames() {}

    /** Aeron session of all that a member sends: consecutive from a secret number, so members never share one. */
    static int sessionId(final long sessionKey, final int sender) {
        return (int) Lot.lots(sessionKey, SESSIONS) + sender;
    }

    /** Aeron stream that a member receives: positive, and never {@link #HOLDING_STREAM_ID}. */
    static int streamId(final long sessionKey, final int receiver) {
        return (int) Lot.lots(sessionKey, STREAMS) + receiver & STREAM_BIT - 1 | STREAM_BIT;
    }
}
