package io.signvote.device;

/**
 * Source of the ballots of a vote on a device, stretch by stretch. The thread that calls {@code vote} also calls {@link #pack}. Any
 * thread that drives the communicator may call {@link #onPacked}, one thread at a time.
 */
public interface DeviceBallots {
    /**
     * Queues the packing of one stretch. Called for all stretches, in order, before anything is cast.
     *
     * @param coordinate first coordinate of the stretch, a multiple of 64.
     * @param n coordinates in the stretch.
     * @param words target on the device, uint64[ceil(n / 64)], aligned to 32 bytes.
     * @param counts on the device, uint64[2], cleared before. The kernel adds the zeros and the values that are not finite.
     * @param stream of the caller.
     */
    void pack(long coordinate, long n, long words, long counts, long stream);

    /**
     * Takes the counts of a stretch, before the first of its ballots is cast. If it throws, the round fails.
     *
     * @param coordinate first coordinate of the stretch.
     * @param n coordinates in the stretch.
     * @param zeros counted.
     * @param notFinite counted.
     */
    void onPacked(long coordinate, long n, long zeros, long notFinite);

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
