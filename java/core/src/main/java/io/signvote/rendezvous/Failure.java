package io.signvote.rendezvous;

import java.util.List;

/**
 * The failure of a communicator. Only the first failure of a job counts, and every member gets the same one. Immutable.
 *
 * @param kind of the failure; it selects the exception that callers get.
 * @param ranks members to blame, ascending, without duplicates; both ends of a link; empty if none is to blame.
 * @param message facts, then the remedy.
 */
public record Failure(Kind kind, List<Integer> ranks, String message) {
    /**
     * Makes a failure. Takes the ranks in any order and keeps a copy.
     *
     * @param kind of the failure.
     * @param ranks members to blame.
     * @param message facts, then the remedy.
     */
    public Failure {
        ranks = ranks.stream().sorted().distinct().toList();
    }

    /** The kinds of failures. */
    public enum Kind {
        /** A member's connection closed without a BYE: its process died. */
        PEER_DIED,
        /** A member was silent for longer than the heartbeat allows: stopped, or cut off. */
        PEER_SILENT,
        /** The program of a member failed or aborted. The message is its reason. */
        ABORTED,
        /** A member closed its communicator while a call of it was open. */
        LEFT,
        /** A link is dead although both of its ends live. */
        LINK_LOST,
        /** Members made different calls. */
        MISMATCH,
        /** A round made no progress until its deadline. */
        TIMEOUT,
        /** The coordinator is gone, and the job with it. */
        COORDINATOR_LOST
    }
}
