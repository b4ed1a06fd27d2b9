package io.signvote.collective;

/**
 * The votes of a rank, chunk by chunk. Any thread that drives the communicator calls it, one at a time. It must not wait for a
 * call. It is not called for a count of 0.
 */
public interface BallotSource {
    /**
     * Whether {@link #fill} may be called for a chunk now. The engine calls this before it claims room for the ballot.
     * If the answer is false, or if there is no room, it calls this again in a later duty cycle. Meanwhile it goes on
     * with the chunks of other talliers. Must not wait.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @return false while the ballot is not ready, for example while a GPU copies it.
     */
    default boolean isReady(final long coordinate, final int count) {
        return true;
    }

    /**
     * Writes the ballot of one chunk for the first time in a step. The engine calls this once per chunk and step, in
     * the duty cycle in which {@link #isReady} returned true for the chunk. May advance momentum.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, uint64[ceil(count / 64)]; unused tail bits must be written as 0.
     */
    void fill(long coordinate, int count, long words);

    /**
     * Writes the ballot of one chunk again: the signs of the current momentum, which it does not change.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, as for {@link #fill}.
     */
    void refill(long coordinate, int count, long words);

    /**
     * Whether the source reads any of these bytes of the caller's memory outside the heap. The communicator calls this
     * at submission. No open call may write memory that another open call reads.
     *
     * @param first address of the first byte.
     * @param end address behind the last byte.
     * @return false if the source does not say.
     */
    default boolean reads(final long first, final long end) {
        return false;
    }

    /**
     * Describes the values behind the hash {@code options} of the call. The engine calls this after a mismatch, on any
     * thread. It appends the text to the error of this rank if the error names that hash.
     *
     * @param options hash of the call that this rank makes.
     * @return names and values, such as {@code learning rate=0.5}; empty if these values have another hash, or if there
     *     is nothing to add.
     */
    default String describeOptions(final long options) {
        return "";
    }
}
