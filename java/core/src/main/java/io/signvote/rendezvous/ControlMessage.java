package io.signvote.rendezvous;

import io.signvote.transport.Endpoint;
import java.util.List;

/** A message of a control connection, decoded and checked. */
sealed interface ControlMessage {
    /** A member's random number; its version is the schema's. */
    record Hello(byte[] nonce) implements ControlMessage {}

    /** The coordinator's random number. */
    record Challenge(byte[] nonce) implements ControlMessage {}

    /** The coordinator's only answer to a caller that did not prove itself. */
    record Refused(int reason) implements ControlMessage {
        static final int VERSION = 1;
        static final int SECRET = 2;
    }

    /** A member's rank and role, the job that it expects, and its endpoint. */
    record Join(
            int rank,
            int worldSize,
            boolean hasServer,
            RendezvousConfig.Role role,
            Endpoint endpoint,
            String settings,
            String job,
            String build)
            implements ControlMessage {}

    /** The coordinator proves itself and gives the member a place. */
    record Welcome(long heartbeatIntervalNs, long suspicionTimeoutNs) implements ControlMessage {}

    /** The member gets no job: it waited in vain, or was refused. The ranks are those to blame. */
    record Cancelled(boolean isRetryable, List<Integer> ranks, String message) implements ControlMessage {
        public Cancelled {
            ranks = ranks.stream().sorted().distinct().toList();
        }

        /** Waiting does not help: a program, a setting or a machine must change first. */
        static Cancelled refusal(final List<Integer> ranks, final String message) {
            return new Cancelled(false, ranks, message);
        }

        /** The next attempt may succeed. */
        static Cancelled inVain(final List<Integer> ranks, final String message) {
            return new Cancelled(true, ranks, message);
        }
    }

    /** All members have come. */
    record Members(Roster roster) implements ControlMessage {}

    /** Its sender is alive. */
    record Heartbeat() implements ControlMessage {}

    /** The job has failed, or a member wants it to. */
    record Failed(Failure failure) implements ControlMessage {}

    /** The member leaves in good order. */
    record Bye() implements ControlMessage {}

    /** The coordinator cannot take a Join now; the member dials again. */
    record Later(String message) implements ControlMessage {}
}
