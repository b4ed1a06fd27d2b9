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
import io.signvote.wire.Collective;
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
    private final int rank;
    private final int size;

    /** Requests of one communicator. Its calls either run all tasks of the supplier, or start all of them. */
    Requests(final Supplier<Task> tasks, final int rank, final int size) {
        this.tasks = tasks;
        this.rank = rank;
        this.size = size;
    }

    Task allReduce(final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        ensureCount(count);
        ensureAddress("source", source, count);
        ensureAddress("target", target, count);
        ensureKnown("allReduce", type, op);
        return tasks.get().allReduce(source, target, count, type, op);
    }

    Task allReduce(final float[] source, final float[] target, final ReduceOp op) {
        ensureCount(source.length);
        ensureFits("target", target.length, source.length, "floats");
        ensureKnown("allReduce", DataType.FLOAT32, op);
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

    /** A collective on elements. {@link Communicator} says which counts must fit. */
    Task collective(
            final Collective collective,
            final Elements source,
            final Elements target,
            final ReduceOp op,
            final int root) {
        ensureRoot(root);
        final boolean isRoot = root == rank;
        final boolean gives = isRoot || collective != Collective.SCATTER && collective != Collective.BROADCAST;
        final boolean gets = isRoot
                ? collective != Collective.BROADCAST
                : collective != Collective.REDUCE && collective != Collective.GATHER;
        final String name = collective.callName();
        final boolean isBroadcast = collective == Collective.BROADCAST;
        ensureGiven(name, isBroadcast ? "elements" : "source", source, gives);
        ensureGiven(name, isBroadcast ? "elements" : "target", target, gets);
        if (gets) {
            target.ensureWritable(isBroadcast ? "elements" : "target");
        }
        final Elements given = gives ? source : target;
        if (collective.isReduction()) {
            ensureKnown(name, given.type(), op);
        }
        final long count = ensureCounts(collective, gives ? source : null, gets ? target : null);
        return tasks.get()
                .collective(collective, gives ? source : null, gets ? target : null, op, given.type(), count, root);
    }

    private static void ensureGiven(
            final String name, final String argument, final Elements elements, final boolean isNeeded) {
        if (isNeeded && elements == null) {
            throw new ConfigurationException(name + ": " + argument + "=null, give elements");
        }
    }

    /** Checks types and counts of the elements that this rank gives and gets. Returns the count of the call, or of a block. */
    private long ensureCounts(final Collective collective, final Elements source, final Elements target) {
        final String name = collective.callName();
        if (source != null && target != null && source.type() != target.type()) {
            throw new ConfigurationException(
                    name + ": source is " + source + ", target is " + target + ", use one type for both");
        }
        return switch (collective) {
            case REDUCE_SCATTER, SCATTER -> {
                ensureBlocks(name, "source", source, target.type(), target.count());
                yield target.count();
            }
            case ALL_GATHER, GATHER -> {
                ensureBlocks(name, "target", target, source.type(), source.count());
                yield source.count();
            }
            case ALL_TO_ALL -> {
                final long block = source.count() / size;
                ensureSame(name, source, target);
                ensureBlocks(name, "source", source, source.type(), block);
                yield block;
            }
            default -> {
                ensureSame(name, source, target);
                yield source != null ? source.count() : target.count();
            }
        };
    }

    private static void ensureSame(final String name, final Elements source, final Elements target) {
        if (source != null && target != null && source.count() != target.count()) {
            throw new ConfigurationException(
                    name + ": source is " + source + ", target is " + target + ", use the same count for both");
        }
    }

    /** Blocks of all ranks, one after another. Each block of signs begins at a whole word. */
    private void ensureBlocks(
            final String name, final String argument, final Elements blocks, final DataType type, final long count) {
        final boolean isSigns = type == DataType.SIGN;
        final long each = isSigns ? Words.count(count) * Words.LANES : count;
        if (blocks != null && blocks.count() != size * each) {
            throw new ConfigurationException(name + ": " + argument + " is " + blocks + ", expected " + size
                    + " blocks of " + each + (isSigns ? ", in whole words of 64 signs" : ""));
        }
        ensureCount(size * each);
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

    private static void ensureKnown(final String name, final DataType type, final ReduceOp op) {
        if (op == null || type == null) {
            throw new ConfigurationException(
                    name + "(" + op + ", " + type + ") is unknown, give a reduction and a type");
        }
        if (!op.takes(type)) {
            throw new ConfigurationException(name + "(" + op + ", " + type + ") is unknown, " + op + " takes "
                    + op.types().stream().map(DataType::toString).collect(Collectors.joining(", ")));
        }
    }

    private void ensureRoot(final int root) {
        if (root < 0 || root >= size) {
            throw new ConfigurationException("root=" + root + ", expected a rank, 0 to " + (size - 1));
        }
    }
}
