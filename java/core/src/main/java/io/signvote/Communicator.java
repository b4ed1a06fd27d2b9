package io.signvote;

import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.nio.ByteBuffer;

/** A fixed group of ranks and their links. (skeleton) */
public final class Communicator implements AutoCloseable {
    /** Most coordinates of one call. */
    public static final long MAX_COUNT = 1L << 34;

    private Communicator() {}

    /**
     * Joins the job that properties and environment describe.
     *
     * @return a connected communicator.
     */
    public static Communicator connect() {
        return connect(new Context());
    }

    /**
     * Joins the job that a context describes.
     *
     * @param context not concluded yet.
     * @return a connected communicator.
     */
    public static Communicator connect(final Context context) {
        throw new UnsupportedOperationException();
    }

    /**
     * Serves a STAR plan as the pure server until every rank has closed.
     *
     * @param context not concluded yet.
     */
    public static void serve(final Context context) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ranks of one process, one per thread that uses them, without sockets.
     *
     * @param size ranks.
     * @return communicators in rank order.
     */
    public static Communicator[] createLocal(final int size) {
        throw new UnsupportedOperationException();
    }

    /**
     * Our rank.
     *
     * @return 0 to size - 1.
     */
    public int rank() {
        throw new UnsupportedOperationException();
    }

    /**
     * Number of ranks.
     *
     * @return at least 1.
     */
    public int size() {
        throw new UnsupportedOperationException();
    }

    /**
     * Bytes put on links so far, transport framing included.
     *
     * @return bytes.
     */
    public long bytesSent() {
        throw new UnsupportedOperationException();
    }

    /**
     * Allreduce of heap arrays, through a copy off the heap.
     *
     * @param source contributions.
     * @param target result; may be the source.
     * @param op how to combine.
     */
    public void allReduce(final float[] source, final float[] target, final ReduceOp op) {
        throw new UnsupportedOperationException();
    }

    /**
     * Allreduce of direct buffers.
     *
     * @param source from its position.
     * @param target from its position; may be the source.
     * @param count elements.
     * @param type FLOAT32, or SIGN for packed words.
     * @param op how to combine.
     */
    public void allReduce(
            final ByteBuffer source,
            final ByteBuffer target,
            final long count,
            final DataType type,
            final ReduceOp op) {
        throw new UnsupportedOperationException();
    }

    /**
     * Allreduce of memory by address.
     *
     * @param source address.
     * @param target address; may be the source.
     * @param count elements.
     * @param type FLOAT32, or SIGN for packed words.
     * @param op how to combine.
     */
    public void allReduce(
            final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        throw new UnsupportedOperationException();
    }

    /**
     * Majority vote, packed to packed.
     *
     * @param source ballot.
     * @param target verdict; may be the source.
     * @param count coordinates.
     */
    public void vote(final long[] source, final long[] target, final long count) {
        throw new UnsupportedOperationException();
    }

    /**
     * Majority vote from and to callbacks, without any copy between.
     *
     * @param source writes ballots into frames.
     * @param sink takes the verdict.
     * @param count coordinates.
     * @param step what zeros and ties are drawn for; the same on every rank.
     */
    public void vote(final BallotSource source, final VerdictSink sink, final long count, final long step) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends the root's floats to every rank.
     *
     * @param values source on the root, target elsewhere.
     * @param root rank that has them.
     */
    public void broadcast(final float[] values, final int root) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends the root's memory to every rank.
     *
     * @param address source on the root, target elsewhere.
     * @param count elements.
     * @param type of the elements.
     * @param root rank that has them.
     */
    public void broadcast(final long address, final long count, final DataType type, final int root) {
        throw new UnsupportedOperationException();
    }

    /** Returns once every rank has called it. */
    public void barrier() {
        throw new UnsupportedOperationException();
    }

    /** Leaves, together with every other rank. Calling it again does nothing. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
