package io.signvote.collective;

import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import java.util.Random;
import org.agrona.concurrent.NanoClock;

/**
 * A coordinator on a simulated clock. It hears every member until that member leaves, so it accepts each report of a dead link. The
 * failure that reaches it first is the failure of all members. Its answer reaches each member after another delay. The member that
 * failed gets it no sooner than the others.
 */
public final class SimCoordinator {
    private final NanoClock clock;
    private final Random random;
    private final long maxDelayNs;
    private final long suspicionTimeoutNs;
    private volatile Report first;

    /** A coordinator of members whose links do not die. */
    public SimCoordinator(final NanoClock clock, final Random random, final long maxDelayNs) {
        this(clock, random, maxDelayNs, 0);
    }

    SimCoordinator(final NanoClock clock, final Random random, final long maxDelayNs, final long suspicionTimeoutNs) {
        this.clock = clock;
        this.random = random;
        this.maxDelayNs = maxDelayNs;
        this.suspicionTimeoutNs = suspicionTimeoutNs;
    }

    /** The membership of one member. If {@code isTold} is false, the member gets only its own failure. */
    public Membership membership(final boolean isTold) {
        return new View(isTold, delayNs());
    }

    /** Whether a member has sent a failure to the coordinator. Thread-safe. */
    public boolean hasFailure() {
        return first != null;
    }

    private long delayNs() {
        return (long) (random.nextDouble() * maxDelayNs);
    }

    private record Report(Failure failure, long arrivalNs) {}

    private final class View implements Membership {
        private final boolean isTold;
        private final long answerNs;
        private Report own;

        View(final boolean isTold, final long answerNs) {
            this.isTold = isTold;
            this.answerNs = answerNs;
        }

        @Override
        public Failure failure() {
            final Report report = isTold ? first : own;
            return report != null && clock.nanoTime() - report.arrivalNs >= answerNs ? report.failure : null;
        }

        @Override
        public void fail(final Failure failure) {
            final Report report = new Report(failure, clock.nanoTime() + delayNs());
            own = own == null ? report : own;
            if (first == null || report.arrivalNs < first.arrivalNs) {
                first = report;
            }
        }

        @Override
        public void suspect(final Failure failure) {
            fail(failure);
        }

        @Override
        public long suspicionTimeoutNs() {
            return suspicionTimeoutNs;
        }

        @Override
        public void close() {}
    }
}
