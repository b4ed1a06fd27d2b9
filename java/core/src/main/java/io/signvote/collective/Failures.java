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
     * @return an exception of the type for its kind, with the message and the ranks of the failure.
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
     * Appends the option values of this rank to a mismatch that names their hash.
     *
     * @param message of the mismatch.
     * @param options hash of the options of this rank.
     * @param values that the hash stands for; empty or null if there is nothing to add.
     * @return the message; with the values appended if it contains the hash without its values.
     */
    public static String explainOptions(final String message, final long options, final String values) {
        final String hash = "options=" + Long.toHexString(options);
        final String explanation = "; " + hash + " of this rank stands for " + values;
        final boolean isDue =
                values != null && !values.isEmpty() && message.contains(hash) && !message.endsWith(explanation);
        return isDue ? message + explanation : message;
    }

    /**
     * The failure that the other members receive if the program of one member throws.
     *
     * @param where place of the error: a call and its round, or the call before it.
     * @param member that failed.
     * @param ranks of the job; a member beyond them is the server.
     * @param error its cause.
     * @return a failure that names the place and the member.
     */
    public static Failure aborted(final String where, final int member, final int ranks, final Throwable error) {
        final String who = member < ranks ? "rank " + member : "the server";
        final String why = error.getMessage() == null ? error.toString() : error.getMessage();
        return new Failure(Failure.Kind.ABORTED, List.of(member), where + ": " + who + " gave up: " + why);
    }
}
