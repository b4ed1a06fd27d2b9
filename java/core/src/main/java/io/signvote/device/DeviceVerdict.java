package io.signvote.device;

/** Receives the verdict of a vote on a device, stretch by stretch, once all of it is held. */
@FunctionalInterface
public interface DeviceVerdict {
    /** Called once for each verdict, when the vote is decided. Until then the last verdict and all outputs are unchanged. */
    default void onDecided() {}

    /**
     * Queues the use of one stretch. Until the first of these calls no output has changed.
     *
     * @param coordinate first coordinate of the stretch, a multiple of 64.
     * @param n coordinates in the stretch.
     * @param words on the device, uint64[ceil(n / 64)], ready for work that is queued in the stream; unused tail bits are 0.
     * @param stream of the caller.
     */
    void commit(long coordinate, long n, long words, long stream);

    /** Called after all stretches, once for each verdict, also for one of a count of 0. */
    default void onCommitted() {}
}
