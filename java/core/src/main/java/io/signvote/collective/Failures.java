package io.signvote.collective;

import io.signvote.error.AbortedException;
import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;

/** The exception that a caller sees for a failure of the job. */
public final class Failures {
    private Failures() {}

    /**
     * Makes the exception.
     *
     * @param failure of the job.
     * @return an exception of the kind to catch, with its message and ranks.
     */
    public static VoteException exception(final Failure failure) {
        return switch (failure.kind()) {
            case ABORTED -> new AbortedException(failure.message(), failure.ranks());
            case MISMATCH -> new ProtocolException(failure.message(), failure.ranks());
            case TIMEOUT -> new RoundTimeoutException(failure.message(), failure.ranks());
            case PEER_DIED, PEER_SILENT, LEFT, LINK_LOST, COORDINATOR_LOST ->
                new PeerLostException(failure.message(), failure.ranks());
        };
    }
}
