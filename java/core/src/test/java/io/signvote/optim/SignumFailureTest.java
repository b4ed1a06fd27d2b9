package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Context;
import io.signvote.error.AbortedException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;

/** Steps that fail: parameters stay, and a retry gives what a run without the failure gives. */
class SignumFailureTest {
    /** Three chunks a tallier at a credit of one, so that a step fails with some of its momentum not yet advanced. */
    private static final int LARGE = 3 * 3 * 524_000 + 77;

    private static final PaperSignum.Rates RATES = new PaperSignum.Rates(1e-3f, 0.9f, 0.01f);

    @Test
    void shouldRetryWhatAMissingRankBrokeAndEndAsIfNothingHadHappened() throws Exception {
        final Context impatient = new Context().credit(1).timeoutNs(TimeUnit.SECONDS.toNanos(2));

        try (Training training = new Training(3, LARGE, impatient)) {
            training.step(training.gradients(0), RATES);
            final float[] before = training.parameters[0].clone();
            final float[][] gradients = training.gradients(1);
            final List<Throwable> errors = training.job().errors(communicator -> {
                if (communicator.rank() != 1) {
                    training.optimisers[communicator.rank()].step(
                            gradients[communicator.rank()], training.parameters[communicator.rank()]);
                }
            });

            assertInstanceOf(RoundTimeoutException.class, errors.get(0));
            assertInstanceOf(RoundTimeoutException.class, errors.get(2));
            for (final float[] parameters : training.parameters) {
                assertArrayEquals(before, parameters);
            }
            final VoteException late = assertThrows(
                    VoteException.class, () -> training.optimisers[1].step(gradients[1], training.parameters[1]));
            assertMessage(late, "missing ballots of ranks [1]");

            retry(training);
            training.paper.step(gradients, RATES);
            training.check();
            training.step(training.gradients(2), RATES);
        }
    }

    @Test
    void shouldRetryWhatAThrowingRankBroke() throws Exception {
        final AtomicInteger made = new AtomicInteger();
        final Fuse fuse = new Fuse();
        final Context fused =
                new Context().idleStrategy(() -> made.getAndIncrement() == 1 ? fuse : new BackoffIdleStrategy());

        try (Training training = new Training(2, 300_001, fused)) {
            training.step(training.gradients(0), RATES);
            final float[] before = training.parameters[0].clone();
            final float[][] gradients = training.gradients(1);
            fuse.isLit = true;
            final List<Throwable> errors = training.job()
                    .errors(communicator -> training.optimisers[communicator.rank()].step(
                            gradients[communicator.rank()], training.parameters[communicator.rank()]));

            assertEquals("burnt out", errors.get(1).getMessage());
            assertInstanceOf(AbortedException.class, errors.get(0));
            assertMessage(errors.get(0), "rank 1 gave up: burnt out");
            assertArrayEquals(before, training.parameters[0]);
            assertArrayEquals(before, training.parameters[1]);
            retry(training);
            training.paper.step(gradients, RATES);
            training.check();
            training.step(training.gradients(2), RATES);
        }
    }

    @Test
    void shouldFailEveryRankWhereAStrictOneRefusesAndRetryItsNaNsAsZeros() throws Exception {
        try (Training training = new Training(3, 100_003, new Context().strict(true))) {
            training.step(training.gradients(0), RATES);
            final float[] before = training.parameters[0].clone();
            final float[][] gradients = training.gradients(1);
            for (int i = 0; i < 100_003; i += 10) {
                gradients[1][i] = Float.NaN;
            }
            final List<Throwable> errors = training.job()
                    .errors(communicator -> training.optimisers[communicator.rank()].step(
                            gradients[communicator.rank()], training.parameters[communicator.rank()]));

            assertMessage(errors.get(1), "values that are not finite", "step=2");
            for (final int rank : new int[] {0, 2}) {
                assertInstanceOf(AbortedException.class, errors.get(rank));
                assertMessage(errors.get(rank), "rank 1 gave up");
            }
            for (final float[] parameters : training.parameters) {
                assertArrayEquals(before, parameters);
            }

            retry(training);
            training.paper.step(gradients, RATES);
            training.check();
            training.step(training.gradients(2), RATES);
        }
    }

    @Test
    void shouldRefuseToGoOnBeforeTheRetry() throws Exception {
        final Context impatient = new Context().timeoutNs(TimeUnit.MILLISECONDS.toNanos(200));

        try (Training training = new Training(2, 100, impatient)) {
            final Signum signum = training.optimisers[0];
            final float[] x = training.parameters[0];
            assertNotNull(training.job()
                    .errors(communicator -> {
                        if (communicator.rank() == 0) {
                            signum.step(training.gradients(0, 0), x);
                        }
                    })
                    .get(0));

            final String step = assertThrows(
                            IllegalStateException.class, () -> signum.step(training.gradients(0, 1), x))
                    .getMessage();
            final String save = assertThrows(
                            IllegalStateException.class, () -> signum.save(new ByteArrayOutputStream()))
                    .getMessage();
            assertMessage(step, "step=1 has failed, retry it over a new communicator first");
            assertMessage(save, "step=1 has failed, retry it before saving");
            assertEquals(1, signum.steps());

            assertTrue(signum.isPending());
            assertThrows(VoteException.class, () -> signum.retry(training.communicator(0), x));
            assertTrue(signum.isPending());
            assertThrows(IllegalStateException.class, () -> signum.step(training.gradients(0, 1), x));
        }
    }

    /** Once lit, throws inside the first duty cycle, in which no round of two ranks can be complete. */
    private static final class Fuse implements IdleStrategy {
        private volatile boolean isLit;

        @Override
        public void idle(final int workCount) {
            idle();
        }

        @Override
        public void idle() {
            if (isLit) {
                throw new IllegalStateException("burnt out");
            }
            Thread.yield();
        }

        @Override
        public void reset() {}
    }

    private static void retry(final Training training) throws Exception {
        training.reconnect();
        training.job()
                .run(communicator -> training.optimisers[communicator.rank()].retry(
                        communicator, training.parameters[communicator.rank()]));
    }
}
