package io.signvote.rendezvous;

/**
 * A member's connection to the job, until it closes. All methods are thread-safe. No method but {@link #close} waits.
 */
public interface Membership extends AutoCloseable {
    /**
     * The failure of the job, if it has failed. The engine reads it once in every duty cycle.
     *
     * @return null while the job has not failed, afterwards always the same failure.
     */
    Failure failure();

    /**
     * Fails the job for every member. Only the first failure of the job counts.
     *
     * @param failure for every member.
     */
    void fail(Failure failure);

    /**
     * Requests to fail the job for a dead link. If the coordinator does not hear one end, it ignores this, and the
     * silence of that end counts. The caller repeats this while the link is dead.
     *
     * @param failure of kind LINK_LOST, whose ranks are this member and the other end.
     */
    default void suspect(final Failure failure) {}

    /**
     * Longest silence of a member before it counts as lost.
     *
     * @return nanoseconds, or 0 if links cannot die.
     */
    default long suspicionTimeoutNs() {
        return 0;
    }

    /** Says goodbye and closes the connection. The others do not count its end as a death. */
    @Override
    void close();
}
