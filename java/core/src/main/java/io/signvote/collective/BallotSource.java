package io.signvote.collective;

/** Where a rank's votes come from, chunk by chunk. Called on the thread that is inside the collective call. */
public interface BallotSource {
    /**
     * Writes the ballot of one chunk for the first time in a step. Called once per chunk and step; it may advance
     * momentum.
     *
     * @param coordinate first coordinate of the chunk, a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, uint64[ceil(count / 64)]; unused tail bits must be written as 0.
     * @return {@code OK}, or {@code PENDING} where the bits are not there yet and nothing was written.
     */
    int fill(long coordinate, int count, long words);

    /**
     * Writes the ballot of one chunk again: pure, the sign of the momentum that is there.
     *
     * @param coordinate first coordinate of the chunk, a multiple of 64.
     * @param count coordinates in the chunk.
     * @param words target address, as for {@link #fill}.
     */
    void refill(long coordinate, int count, long words);
}
