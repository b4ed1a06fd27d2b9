package io.signvote.collective;

/** Receives the verdict of a whole call, once, when all of it is held. */
@FunctionalInterface
public interface VerdictSink {
    /**
     * Takes the verdict over. Nothing was written to any output before.
     *
     * @param words address of uint64[ceil(count / 64)], valid during the call; unused tail bits are 0.
     * @param count coordinates of the call, 0 where it was of nothing.
     */
    void commit(long words, long count);

    /**
     * The call has failed: {@link #commit} is not called. Nothing was written to any output. The buffers of the call are still lent.
     *
     * @param error why.
     */
    default void abandon(final Throwable error) {}
}
