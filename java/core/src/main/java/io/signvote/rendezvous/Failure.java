package io.signvote.rendezvous;

import java.util.List;

/**
 * Why a communicator has failed. Only the first failure counts; every member learns the same one.
 *
 * @param kind what happened, which decides the exception that callers see.
 * @param ranks members to blame, ascending, without duplicates; both ends of a link; empty if none is to blame.
 * @param message facts, then the remedy.
 */
public record Failure(Kind kind, List<Integer> ranks, String message) {
    /**
     * A failure. Takes the ranks in any order and keeps a copy.
     *
     * @param kind what happened.
     * @param ranks members to blame.
     * @param message facts, then the remedy.
     */
    public Failure {
        ranks = ranks.stream().sorted().distinct().toList();
    }

    /** What happened. */
    public enum Kind {
        /** A member's connection closed without a BYE: its process died. */
        PEER_DIED,
        /** A member was silent for longer than the heartbeat allows: stopped, or cut off. */
        PEER_SILENT,
        /** A member gave up: its program failed or aborted, and the message is its reason. */
        ABORTED,
        /** A member closed its communicator while a call of it was open. */
        LEFT,
        /** A link is dead although both of its ends live. */
        LINK_LOST,
        /** Members called different things. */
        MISMATCH,
        /** A round did not end by its deadline. */
        TIMEOUT,
        /** The coordinator is gone, and the job with it. */
        COORDINATOR_LOST
    }
}
