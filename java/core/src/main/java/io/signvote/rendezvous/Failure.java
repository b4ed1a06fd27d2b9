package io.signvote.rendezvous;

/**
 * Why a communicator has failed. Only the first failure counts; every member learns the same one.
 *
 * @param kind what happened, which decides the exception that callers see.
 * @param culprit member that caused it, or -1 where nobody alone did.
 * @param message facts, then the remedy.
 */
public record Failure(Kind kind, int culprit, String message) {
    /** What happened. */
    public enum Kind {
        /** A member's connection closed without a BYE: its process died. */
        PEER_DIED,
        /** A member was silent for longer than the heartbeat allows: stopped, or cut off. */
        PEER_SILENT,
        /** A member gave up, with its own error. */
        ABORTED,
        /** Members called different things. */
        MISMATCH,
        /** A round did not end by its deadline. */
        TIMEOUT,
        /** The coordinator is gone, and the job with it. */
        COORDINATOR_LOST
    }
}
