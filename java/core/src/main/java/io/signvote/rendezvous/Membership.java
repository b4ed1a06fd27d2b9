package io.signvote.rendezvous;

/** A member's standing in the job, for as long as it lasts. All methods are thread-safe and none waits. */
public interface Membership extends AutoCloseable {
    /**
     * The failure of the job, if it has failed. Read once in every duty cycle.
     *
     * @return null while all is well; afterwards always the same failure.
     */
    Failure failure();

    /**
     * Fails the job for every member. Only the first failure of the job counts.
     *
     * @param failure told to every member.
     */
    void fail(Failure failure);

    /**
     * Asks to fail the job for a dead link. If the coordinator does not hear one end, it ignores this, and the silence of that
     * end counts. The caller repeats this while the link is dead.
     *
     * @param failure of kind LINK_LOST, whose ranks are this member and the other end.
     */
    default void suspect(final Failure failure) {}

    /**
     * How long a member may be silent.
     *
     * @return nanoseconds, or 0 where links do not die.
     */
    default long suspicionTimeoutNs() {
        return 0;
    }

    /** Says goodbye: our connection may now close without anyone taking it for a death. */
    @Override
    void close();
}
