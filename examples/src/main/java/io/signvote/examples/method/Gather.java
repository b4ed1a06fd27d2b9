package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * Brings what every rank has to every rank, in rank order. One broadcast per rank; messages of different lengths announce them
 * first.
 */
final class Gather implements AutoCloseable {
    /** A length is announced as a float, which is exact to here. */
    private static final int WORDS_MAX = 1 << 24;

    private final Communicator communicator;
    private final float[] lengths;
    private OffHeap buffer = new OffHeap(0);

    Gather(final Communicator communicator) {
        this.communicator = communicator;
        lengths = new float[communicator.size()];
    }

    /**
     * Gathers arrays of one length.
     *
     * @param own    of this rank.
     * @param target an array of that length for each rank, filled.
     */
    void floats(final float[] own, final float[][] target) {
        System.arraycopy(own, 0, target[communicator.rank()], 0, own.length);
        for (int rank = 0; rank < target.length; rank++) {
            communicator.broadcast(target[rank], rank);
        }
    }

    /**
     * Gathers words, of each rank as many as it has.
     *
     * @param own   words of this rank.
     * @param count how many of them, at least 1.
     * @return words of each rank.
     */
    long[][] words(final long[] own, final int count) {
        if (count < 1 || count > WORDS_MAX) {
            throw new IllegalArgumentException("count=" + count + ", expected 1 to " + WORDS_MAX + " words");
        }
        Arrays.fill(lengths, 0);
        lengths[communicator.rank()] = count;
        communicator.allReduce(lengths, lengths, ReduceOp.SUM);
        final long[][] all = new long[communicator.size()][];
        for (int rank = 0; rank < all.length; rank++) {
            all[rank] = new long[(int) lengths[rank]];
            if (rank == communicator.rank()) {
                System.arraycopy(own, 0, all[rank], 0, count);
            }
            broadcast(all[rank], rank);
        }
        return all;
    }

    private void broadcast(final long[] words, final int root) {
        reserve(words.length);
        final long address = buffer.address();
        for (int i = 0; i < words.length; i++) {
            UnsafeApi.putLong(address + i * 8L, words[i]);
        }
        communicator.broadcast(address, words.length * 64L, DataType.SIGN, root);
        for (int i = 0; i < words.length; i++) {
            words[i] = UnsafeApi.getLong(address + i * 8L);
        }
    }

    private void reserve(final int words) {
        if (buffer.length() < words * 8L) {
            buffer.close();
            buffer = new OffHeap(words * 8L);
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
