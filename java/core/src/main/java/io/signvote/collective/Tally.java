package io.signvote.collective;

import io.signvote.wire.Call;

/** Counts the ballots of the chunks that we tally. */
interface Tally extends AutoCloseable {
    /**
     * Prepares for a round. Allocates only if the call is larger than all before.
     *
     * @param call of the round.
     * @param geometry of the call.
     * @param ballots that close a chunk.
     * @param window most chunks that are open at once, a power of two.
     * @param result address of the whole result.
     */
    void begin(Call call, Geometry geometry, int ballots, int window, long result);

    /**
     * Whether a voter's ballot may be added now. Otherwise it must wait for other ballots.
     *
     * @param index of the chunk among ours.
     * @param voter rank that cast it.
     * @return whether {@link #add} may be called.
     */
    boolean isTurn(int index, int voter);

    /**
     * Address at which to write our own ballot before it is added: its final place, if that is free.
     *
     * @param index of the chunk among ours.
     * @param chunk of the round.
     * @return address.
     */
    long place(int index, int chunk);

    /**
     * Adds a ballot. The last ballot closes the chunk and writes its part of the result.
     *
     * @param index of the chunk among ours.
     * @param voter rank that cast it.
     * @param chunk of the round.
     * @param ballot address of the payload; may be {@link #place}.
     * @return whether this ballot closed the chunk.
     */
    boolean add(int index, int voter, int chunk, long ballot);

    /**
     * Coordinates that were tied in the chunks closed since the round began.
     *
     * @return 0 unless it is a vote.
     */
    default long ties() {
        return 0;
    }

    @Override
    void close();
}
