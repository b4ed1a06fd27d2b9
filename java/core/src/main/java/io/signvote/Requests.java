package io.signvote;

import static io.signvote.Arguments.ensureAddress;
import static io.signvote.Arguments.ensureCount;
import static io.signvote.Arguments.ensureFits;

import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks the arguments of each kind of call, then takes a task and prepares it. The caller must pass the task to {@link
 * Calls#run(Task)} or {@link Calls#start}. These give the task back. Thread-safe.
 */
final class Requests {
    private final Supplier<Task> tasks;
    private final int size;

    /** Requests of one communicator. Its calls either run all tasks of the supplier, or start all of them. */
    Requests(final Supplier<Task> tasks, final int size) {
        this.tasks = tasks;
        this.size = size;
    }

    Task allReduce(final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        ensureCount(count);
        ensureAddress("source", source, count);
        ensureAddress("target", target, count);
        ensureKnown(type, op);
        return tasks.get().allReduce(source, target, count, type, op);
    }

    Task allReduce(final float[] source, final float[] target, final ReduceOp op) {
        ensureCount(source.length);
        ensureFits("target", target.length, source.length, "floats");
        ensureKnown(DataType.FLOAT32, op);
        return tasks.get().allReduce(source, target, op);
    }

    Task vote(final long[] source, final long[] target, final long count) {
        ensureCount(count);
        final int words = Math.toIntExact(Words.count(count));
        ensureFits("source", source.length, words, "words");
        ensureFits("target", target.length, words, "words");
        return tasks.get().vote(source, target, count);
    }

    Task vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final long step,
            final long options) {
        if (source == null || sink == null) {
            throw new ConfigurationException((source == null ? "source" : "sink") + "=null, a vote needs both");
        }
        ensureCount(count);
        return tasks.get().vote(type, source, sink, count, step, options);
    }

    /** A vote whose step is the number of the call. The consumer gets the step after the round has begun. */
    Task vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final LongConsumer onBegun) {
        ensureCount(count);
        return tasks.get().vote(type, source, sink, count, onBegun);
    }

    Task broadcast(final long address, final long count, final DataType type, final int root) {
        ensureRoot(root);
        if (type == null) {
            throw new ConfigurationException("broadcast: type=null, give the type of the elements");
        }
        ensureCount(count);
        ensureAddress("address", address, count);
        return tasks.get().broadcast(address, count, type, root);
    }

    Task broadcast(final float[] values, final int root) {
        ensureRoot(root);
        ensureCount(values.length);
        return tasks.get().broadcast(values, root);
    }

    Task allGather(final long source, final long length, final Gathered target) {
        ensureGiven(target);
        if (length < 0 || length > 0 && source == 0) {
            throw new ConfigurationException("allGather of length=" + length + " from source=" + source
                    + ", expected length=0, or a positive length and an address");
        }
        target.ensureOpen();
        return tasks.get().allGather(source, length, target);
    }

    Task allGather(final float[] source, final Gathered target) {
        Objects.requireNonNull(source, "source");
        ensureGiven(target);
        target.ensureOpen();
        return tasks.get().allGather(source, target);
    }

    Task barrier() {
        return tasks.get().barrier();
    }

    /**
     * Counts the ranks that pass true: a sum of ones and zeros, exact up to 2^24 ranks.
     *
     * @param question {@link io.signvote.wire.Call#ALL_TRUE} or {@link io.signvote.wire.Call#ANY_TRUE}. Ranks that ask different
     *     questions get a mismatch.
     */
    Task countTrue(final boolean value, final long question) {
        return tasks.get().countTrue(value, question);
    }

    private static void ensureGiven(final Gathered target) {
        if (target == null) {
            throw new ConfigurationException("allGather: target=null, give a Gathered");
        }
    }

    private static void ensureKnown(final DataType type, final ReduceOp op) {
        if (op == null || type == null) {
            throw new ConfigurationException(
                    "allReduce(" + op + ", " + type + ") is unknown, give a reduction and a type");
        }
        if (!op.takes(type)) {
            throw new ConfigurationException("allReduce(" + op + ", " + type + ") is unknown, " + op + " takes "
                    + op.types().stream().map(DataType::toString).collect(Collectors.joining(", ")));
        }
    }

    private void ensureRoot(final int root) {
        if (root < 0 || root >= size) {
            throw new ConfigurationException("root=" + root + ", expected a rank, 0 to " + (size - 1));
        }
    }
}
