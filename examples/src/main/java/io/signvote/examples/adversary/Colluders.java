package io.signvote.examples.adversary;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Adversaries of one process that act together. Each brings its gradient, and each leaves with minus the sum of all. The more
 * of them there are, the better this sum estimates the honest gradient. Shared by its members, a thread each.
 */
public final class Colluders {
    private static final long PATIENCE_S = 60;

    private final CyclicBarrier meeting;
    private final float[][] brought;

    /**
     * Members that know each other.
     *
     * @param members how many, at least 1.
     */
    public Colluders(final int members) {
        meeting = new CyclicBarrier(members);
        brought = new float[members][];
    }

    /**
     * One of them. All must spoil a gradient for any to go on.
     *
     * @param index 0 to members - 1.
     * @return its part, used by one thread.
     */
    public Adversary member(final int index) {
        return gradients -> {
            brought[index] = gradients;
            await();
            final float[] sum = new float[gradients.length];
            for (final float[] each : brought) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] -= each[i];
                }
            }
            await();
            System.arraycopy(sum, 0, gradients, 0, sum.length);
        };
    }

    private void await() {
        try {
            meeting.await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the other colluders", e);
        } catch (final BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("a colluder did not come within " + PATIENCE_S + " s", e);
        }
    }
}
