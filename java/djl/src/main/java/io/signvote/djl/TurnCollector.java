package io.signvote.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A gradient collector that waits until the collectors of other threads are closed. The engine throws if a process has
 * two.
 */
final class TurnCollector implements GradientCollector {
    private static final ReentrantLock TURN = new ReentrantLock(true);

    private final GradientCollector collector;
    private boolean isClosed;

    TurnCollector(final Supplier<GradientCollector> next) {
        try {
            TURN.lockInterruptibly();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another thread of this process collects gradients", e);
        }
        GradientCollector made = null;
        try {
            made = next.get();
        } finally {
            if (made == null) {
                TURN.unlock();
            }
        }
        collector = made;
    }

    /**
     * Requires that this thread has closed its collector. Otherwise ranks that are threads would wait for each other:
     * one in a call, the others for its collector.
     */
    static void ensureClosed() {
        if (TURN.isHeldByCurrentThread()) {
            throw new IllegalStateException("the gradient collector is open, close it before step() or evaluate()");
        }
    }

    @Override
    public void backward(final NDArray target) {
        collector.backward(target);
    }

    @Override
    public void zeroGradients() {
        collector.zeroGradients();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            collector.close();
        } finally {
            TURN.unlock();
        }
    }
}
