package io.signvote.collective;

/**
 * Receives the verdict of a call, once, when this rank holds all of it. The thread that calls it may be one that drives or awaits
 * calls, the commit thread of the communicator, or one inside {@code close()}. One thread at a time calls it. Must not wait for a call.
 */
@FunctionalInterface
public interface VerdictSink {
    /**
     * Receives the verdict. Until this call no output has changed.
     *
     * @param words address of uint64[ceil(count / 64)], valid during the call; unused tail bits are 0.
     * @param count coordinates of the call; may be 0.
     */
    void commit(long words, long count);

    /**
     * Called instead of {@link #commit} if the call has failed. Nothing was written to any output. The buffers of the call are
     * still lent.
     *
     * @param error of the call.
     */
    default void abandon(final Throwable error) {}

    /**
     * Whether the sink writes any of these bytes of the caller's memory outside the heap. The communicator calls this
     * at submission, like {@link BallotSource#reads}.
     *
     * @param first address of the first byte.
     * @param end address behind the last byte; the range may be empty.
     * @return false if the sink does not say.
     */
    default boolean writes(final long first, final long end) {
        return false;
    }
}
