package io.signvote.collective;

import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;

/** The exception that a caller sees for a failure of the job. */
public final class Failures {
    private Failures() {}

    /**
     * Makes the exception.
     *
     * @param failure of the job.
     * @return an exception with its message and of the kind to catch.
     */
    public static VoteException exception(final Failure failure) {
        return switch (failure.kind()) {
            case MISMATCH -> new ProtocolException(failure.message());
            case TIMEOUT -> new RoundTimeoutException(failure.message());
            case PEER_DIED, PEER_SILENT, ABORTED, COORDINATOR_LOST -> new PeerLostException(failure.message());
        };
    }

    /** Fails the job; the exception is that of its first failure, which may not be ours. */
    static VoteException fail(final Membership membership, final Failure failure) {
        membership.fail(failure);
        final Failure first = membership.failure();
        return exception(first == null ? failure : first);
    }
}
