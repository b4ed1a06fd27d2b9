package io.signvote.collective;

/** Frames that were counted and dropped, since the communicator was made. Written by its thread only. */
public final class FrameCounters {
    private long malformed;
    private long stale;
    private long repeated;

    /**
     * Frames of another version, job or view, with a field that cannot be, or of another length than they say.
     *
     * @return count.
     */
    public long malformed() {
        return malformed;
    }

    /**
     * Frames of a round that is over. In an all-gather also those by which ranks say that they are there, where they reach one
     * that had nothing to send and has gone on: some of them are no fault.
     *
     * @return count.
     */
    public long stale() {
        return stale;
    }

    /**
     * Frames that had come before.
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
