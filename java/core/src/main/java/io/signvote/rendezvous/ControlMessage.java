package io.signvote.rendezvous;

import io.signvote.transport.Endpoint;
import java.util.List;

/** What travels on a control connection, decoded and checked. */
sealed interface ControlMessage {
    /** A member's random number; its version is the schema's. */
    record Hello(byte[] nonce) implements ControlMessage {}

    /** The coordinator's random number. */
    record Challenge(byte[] nonce) implements ControlMessage {}

    /** The coordinator's only answer to those who did not prove themselves. */
    record Refused(int reason) implements ControlMessage {
        static final int VERSION = 1;
        static final int SECRET = 2;
    }

    /** Who a member is, what it expects of the job, and where it listens. */
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

    /** The coordinator has proved itself and counts the member in. */
    record Welcome(long heartbeatIntervalNs, long suspicionTimeoutNs) implements ControlMessage {}

    /** There will be no job: the member waited in vain, or it was refused. The ranks are those to blame. */
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

    /** Everyone has come. */
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
