package io.signvote.collective;

/**
 * The votes of a rank, chunk by chunk. Any thread that drives the communicator calls it, one at a time. It must not wait for a
 * call. It is not called for a count of 0.
 */
public interface BallotSource {
    /**
     * Whether {@link #fill} may be called now. Asked before there is room for the ballot, and asked again in a later duty cycle
     * where not, or where there was no room. Must not wait; chunks for other talliers are asked for meanwhile.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @return false while the bits are not there yet, as while a device copies them.
     */
    default boolean isReady(final long coordinate, final int count) {
        return true;
    }

    /**
     * Writes the ballot of one chunk for the first time in a step. Called once per chunk and step, in the duty cycle in which
     * {@link #isReady} was true of the chunk; it may advance momentum.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, uint64[ceil(count / 64)]; unused tail bits must be written as 0.
     */
    void fill(long coordinate, int count, long words);

    /**
     * Writes the ballot of one chunk again: pure, the sign of the momentum that is there.
     *
     * @param coordinate first coordinate of the chunk; of votes a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, as for {@link #fill}.
     */
    void refill(long coordinate, int count, long words);

    /**
     * Whether the source reads any of these bytes of the caller's memory outside the heap. The communicator asks when a call is submitted:
     * no open call may write what another one reads.
     *
     * @param first address of the first byte.
     * @param end address behind the last byte.
     * @return false if the source does not say.
     */
    default boolean reads(final long first, final long end) {
        return false;
    }
}
