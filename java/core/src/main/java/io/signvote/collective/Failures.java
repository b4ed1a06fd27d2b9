package io.signvote.collective;

import io.signvote.error.AbortedException;
import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;
import java.util.List;

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

    /**
     * The failure that the other members get if a member gives up.
     *
     * @param where the member gave up: a call and its round, or after which.
     * @param member that gives up.
     * @param ranks of the job; a member beyond them is the server.
     * @param error why.
     * @return a failure that names the place and the member.
     */
    public static Failure aborted(final String where, final int member, final int ranks, final Throwable error) {
        final String who = member < ranks ? "rank " + member : "the server";
        final String why = error.getMessage() == null ? error.toString() : error.getMessage();
        return new Failure(Failure.Kind.ABORTED, List.of(member), where + ": " + who + " gave up: " + why);
    }
}
