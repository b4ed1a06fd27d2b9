package io.signvote.collective;

/** Numbers of dropped frames since the communicator was made. Only the owner of the engine writes them. */
public final class FrameCounters {
    private long malformed;
    private long stale;
    private long repeated;

    /**
     * Frames of another version, job or view, frames with an impossible field, and frames whose length contradicts
     * their header.
     *
     * @return count.
     */
    public long malformed() {
        return malformed;
    }

    /**
     * Frames of a round that is over. Some of them are no fault. In an all-gather, a rank without bytes may complete
     * the round before the first report of another rank arrives.
     *
     * @return count.
     */
    public long stale() {
        return stale;
    }

    /**
     * Frames that repeat earlier frames.
     *
     * @return count.
     */
    public long repeated() {
        return repeated;
    }

    void onMalformed() {
        malformed++;
    }

    void onStale() {
        stale++;
    }

    void onRepeated() {
        repeated++;
    }
}
