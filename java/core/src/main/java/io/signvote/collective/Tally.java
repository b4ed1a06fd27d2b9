package io.signvote.collective;

import io.signvote.wire.Call;

/** Counts the ballots of the chunks that we tally. */
interface Tally extends AutoCloseable {
    /**
     * Prepares for a round; allocates where the call is larger than any before.
     *
     * @param call of the round.
     * @param geometry of the call.
     * @param ballots that close a chunk.
     * @param window most chunks that are open at once, a power of two.
     * @param result address of the whole result.
     */
    void begin(Call call, Geometry geometry, int ballots, int window, long result);

    /**
     * Whether a voter's ballot may be added now, or must wait for others.
     *
     * @param index of the chunk among ours.
     * @param voter rank that cast it.
     * @return true where {@link #add} may be called.
     */
    boolean isTurn(int index, int voter);

    /**
     * Where our own ballot is best written before it is added: in its final place where that is free.
     *
     * @param index of the chunk among ours.
     * @param chunk of the round.
     * @return address.
     */
    long place(int index, int chunk);

    /**
     * Adds a ballot. With the last one the chunk is closed and its part of the result written.
     *
     * @param index of the chunk among ours.
     * @param chunk of the round.
     * @param ballot address of the payload; may be {@link #place}.
     * @return true where the chunk is closed.
     */
    boolean add(int index, int chunk, long ballot);

    /**
     * Coordinates that were tied in the chunks closed since the round began.
     *
     * @return 0 for a sum.
     */
    default long ties() {
        return 0;
    }

    @Override
    void close();
}
