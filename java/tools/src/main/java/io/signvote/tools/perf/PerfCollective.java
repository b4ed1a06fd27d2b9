package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.Elements;
import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * The collectives that can be measured. M is the number of ranks, and n the column {@code count}. A block has n elements.
 *
 * @see <a href="https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md">The factors of busbw, by the authors of
 *     nccl-tests</a>
 */
enum PerfCollective {
    /** One block of each rank, combined, to every rank. */
    ALLREDUCE("all_reduce_perf", true, false) {
        @Override
        double busFactor(final int worldSize) {
            return 2.0 * (worldSize - 1) / worldSize;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final long source = memory.source();
            final long target = memory.target();
            final long count = memory.count();
            final DataType type = contender.type();
            final ReduceOp op = contender.op();
            if (type == DataType.SIGN && op == ReduceOp.MAJORITY) {
                final PackedBallot ballot = new PackedBallot(source);
                return number -> communicator.vote(
                        ballot, (words, n) -> Copies.copy(words, target, Words.length(n)), count, number);
            }
            return number -> communicator.allReduce(source, target, count, type, op);
        }
    },

    /** One block of each rank, combined, to the root. */
    REDUCE("reduce_perf", true, true) {
        @Override
        int targetBlocks(final int worldSize, final boolean isRoot) {
            return isRoot ? 1 : 0;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.reduce(source, target, contender.op(), contender.root());
        }
    },

    /** The block of the root to every rank. Out of place, the root copies it first. */
    BROADCAST("broadcast_perf", false, true) {
        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final long source = memory.source();
            final long target = memory.target();
            final long length = source == target || communicator.rank() != contender.root() ? 0 : memory.blockLength();
            return number -> {
                Copies.copy(source, target, length);
                communicator.broadcast(target, memory.count(), contender.type(), contender.root());
            };
        }
    },

    /** The block of each rank to every rank. */
    ALLGATHER("all_gather_perf", false, false) {
        @Override
        int targetBlocks(final int worldSize, final boolean isRoot) {
            return worldSize;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.allGather(source, target);
        }
    },

    /** A block for each rank, combined, and each block to its rank. */
    REDUCESCATTER("reduce_scatter_perf", true, false) {
        @Override
        int sourceBlocks(final int worldSize, final boolean isRoot) {
            return worldSize;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.reduceScatter(source, target, contender.op());
        }
    },

    /** The block of each rank to the root. */
    GATHER("gather_perf", false, true) {
        @Override
        int targetBlocks(final int worldSize, final boolean isRoot) {
            return isRoot ? worldSize : 0;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.gather(source, target, contender.root());
        }
    },

    /** A block of the root to each rank. */
    SCATTER("scatter_perf", false, true) {
        @Override
        int sourceBlocks(final int worldSize, final boolean isRoot) {
            return isRoot ? worldSize : 0;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.scatter(source, target, contender.root());
        }
    },

    /** A block of each rank to each rank. */
    ALLTOALL("alltoall_perf", false, false) {
        @Override
        int sourceBlocks(final int worldSize, final boolean isRoot) {
            return worldSize;
        }

        @Override
        int targetBlocks(final int worldSize, final boolean isRoot) {
            return worldSize;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            final Elements source = memory.sources();
            final Elements target = memory.targets();
            return number -> communicator.allToAll(source, target);
        }
    },

    /** Nothing to nobody: every rank waits for all others. nccl-tests has no such program. */
    BARRIER("barrier_perf", false, false) {
        @Override
        int sourceBlocks(final int worldSize, final boolean isRoot) {
            return 0;
        }

        @Override
        int targetBlocks(final int worldSize, final boolean isRoot) {
            return 0;
        }

        @Override
        LongConsumer call(final Communicator communicator, final Contender contender, final CallMemory memory) {
            return number -> communicator.barrier();
        }
    };

    private final String program;
    private final boolean isReduction;
    private final boolean hasRoot;

    PerfCollective(final String program, final boolean isReduction, final boolean hasRoot) {
        this.program = program;
        this.isReduction = isReduction;
        this.hasRoot = hasRoot;
    }

    /** {@return name in the form of the programs of nccl-tests; that of the program, if there is one} */
    String program() {
        return program;
    }

    /** {@return whether the blocks of the ranks are combined} */
    boolean isReduction() {
        return isReduction;
    }

    /** {@return whether one rank differs from the others} */
    boolean hasRoot() {
        return hasRoot;
    }

    /** {@return whether the call moves elements} */
    boolean hasElements() {
        return this != BARRIER;
    }

    /** {@return name in options and reports} */
    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Blocks that a rank gives.
     *
     * @param worldSize ranks.
     * @param isRoot whether the rank is the root.
     * @return blocks, at least 0.
     */
    int sourceBlocks(final int worldSize, final boolean isRoot) {
        return 1;
    }

    /**
     * Blocks that a rank gets.
     *
     * @param worldSize ranks.
     * @param isRoot whether the rank is the root.
     * @return blocks, at least 0.
     */
    int targetBlocks(final int worldSize, final boolean isRoot) {
        return 1;
    }

    /** {@return whether a source has a block for each rank} */
    final boolean givesBlocks() {
        return sourceBlocks(2, true) > 1;
    }

    /** {@return whether a target has a block of each rank} */
    final boolean getsBlocks() {
        return targetBlocks(2, true) > 1;
    }

    /**
     * Blocks of the larger side of a call, which are the column {@code size}.
     *
     * @param worldSize ranks.
     * @return blocks, 1 or one of each rank; 0 of a barrier.
     */
    final int blocks(final int worldSize) {
        return Math.max(sourceBlocks(worldSize, true), targetBlocks(worldSize, true));
    }

    /**
     * The factor between algbw and busbw.
     *
     * @param worldSize ranks.
     * @return factor, at least 0.
     */
    double busFactor(final int worldSize) {
        return givesBlocks() || getsBlocks() ? (worldSize - 1.0) / worldSize : 1;
    }

    /**
     * Prepares a call. The result may run many times, and allocates nothing.
     *
     * @param communicator of the job.
     * @param contender of this collective.
     * @param memory of the call.
     * @return makes the call and waits for its end. It takes the number of the call on the communicator.
     */
    abstract LongConsumer call(Communicator communicator, Contender contender, CallMemory memory);
}
