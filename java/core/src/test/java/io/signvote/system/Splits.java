package io.signvote.system;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** The communicators that the communicator of a rank was split from, with the number of calls of each. */
final class Splits {
    private final Deque<Communicator> parents = new ArrayDeque<>();
    private final Deque<Long> calls = new ArrayDeque<>();

    /** Splits a communicator that has made some calls, and returns the new one, or null. */
    Communicator split(final Communicator parent, final long callsBefore, final int color, final int key) {
        final Communicator split = parent.split(color, key);
        parents.push(parent);
        calls.push(callsBefore + 1);
        return split;
    }

    /** Closes a split, and returns the communicator that was split. */
    Communicator back(final Communicator split) {
        if (split != null) {
            split.close();
        }
        return parents.pop();
    }

    /** Number of calls of the communicator that {@link #back} has returned. */
    long calls() {
        return calls.pop();
    }

    /** The communicator of all ranks. */
    Communicator world(final Communicator communicator) {
        return parents.isEmpty() ? communicator : parents.getLast();
    }

    /** Forgets all, after they were closed. */
    void clear() {
        parents.clear();
        calls.clear();
    }

    /** Sums in the parent on another thread, while this one does something in the split. */
    void beside(final int sums, final Runnable task) {
        final Communicator parent = parents.peek();
        final CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < sums; i++) {
                final float[] sum = new float[10_000];
                Arrays.fill(sum, parent.rank() + i);
                parent.allReduce(sum, sum, ReduceOp.SUM);
                final float expected = parent.size() * (parent.size() - 1) / 2f + i * parent.size();
                for (final float value : sum) {
                    if (value != expected) {
                        throw new AssertionError("sum of the parent is " + value + ", expected " + expected);
                    }
                }
            }
        });
        task.run();
        other.join();
        calls.push(calls.pop() + sums);
    }
}
