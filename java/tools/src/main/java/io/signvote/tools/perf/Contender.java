package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;

/** The calls that can be measured. Each defines its row, its memory, one round, and the check of its result. */
enum Contender {
    /** Majority vote, packed to packed. */
    BITS("bits", "majority") {
        @Override
        long length(final long count) {
            return Words.length(count);
        }

        @Override
        void fill(final Ballots ballots, final long address, final long count) {
            ballots.writeSigns(address, count);
        }

        @Override
        void round(
                final Communicator communicator,
                final long source,
                final long target,
                final long count,
                final long step) {
            communicator.vote(
                    new PackedBallot(source), (words, n) -> Copies.copy(words, target, Words.length(n)), count, step);
        }

        @Override
        long wrong(final ExpectedResult expected, final long address, final long count) {
            return expected.wrongSigns(address, count);
        }
    },

    /** Majority vote, float to float: packing and unpacking are in the time. */
    FLOATS("float", "majority") {
        @Override
        void round(
                final Communicator communicator,
                final long source,
                final long target,
                final long count,
                final long step) {
            communicator.allReduce(source, target, count, DataType.FLOAT32, ReduceOp.MAJORITY);
        }

        @Override
        long wrong(final ExpectedResult expected, final long address, final long count) {
            return expected.wrongVerdicts(address, count);
        }
    },

    /** Sum in rank order, float to float. */
    SUM("float", "sum") {
        @Override
        void round(
                final Communicator communicator,
                final long source,
                final long target,
                final long count,
                final long step) {
            communicator.allReduce(source, target, count, DataType.FLOAT32, ReduceOp.SUM);
        }

        @Override
        long wrong(final ExpectedResult expected, final long address, final long count) {
            return expected.wrongSums(address, count);
        }

        @Override
        long wireLength(final long count) {
            return DataType.FLOAT32.sizeOf(count);
        }
    };

    private final String type;
    private final String redop;

    Contender(final String type, final String redop) {
        this.type = type;
        this.redop = redop;
    }

    /**
     * Column {@code type}.
     *
     * @return type of source and target.
     */
    String type() {
        return type;
    }

    /**
     * Column {@code redop}.
     *
     * @return operation.
     */
    String redop() {
        return redop;
    }

    /**
     * Memory of a source or a target.
     *
     * @param count coordinates.
     * @return bytes, a multiple of 4.
     */
    long length(final long count) {
        return DataType.FLOAT32.sizeOf(count);
    }

    /**
     * Bytes of one rank's contribution on the wire, without framing.
     *
     * @param count coordinates.
     * @return bytes.
     */
    long wireLength(final long count) {
        return Words.length(count);
    }

    /**
     * Writes a rank's contribution.
     *
     * @param ballots of the rank.
     * @param address target of {@link #length} bytes.
     * @param count coordinates.
     */
    void fill(final Ballots ballots, final long address, final long count) {
        ballots.writeValues(address, count);
    }

    /**
     * Makes one call of the library, and waits for its end.
     *
     * @param communicator of the job.
     * @param source contribution.
     * @param target result; may be the source.
     * @param count coordinates.
     * @param step of the vote, the number of this call on the communicator.
     */
    abstract void round(Communicator communicator, long source, long target, long count, long step);

    /**
     * Checks a result.
     *
     * @param expected of the call.
     * @param address result.
     * @param count coordinates.
     * @return number of wrong coordinates.
     */
    abstract long wrong(ExpectedResult expected, long address, long count);
}
