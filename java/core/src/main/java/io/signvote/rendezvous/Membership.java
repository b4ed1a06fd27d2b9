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

    /** Says goodbye: our connection may now close without anyone taking it for a death. */
    @Override
    void close();
}
