package io.signvote.collective;

import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * What is gathered: how many bytes each rank has, and where they lie in the result, one rank after the other, each from a
 * multiple of {@link #ALIGNMENT} bytes on. Mutable, so that a call allocates nothing; owned by one thread.
 */
public final class Shards {
    /** Every shard begins at a multiple of so many bytes, so that it holds words and floats as well. */
    public static final int ALIGNMENT = 8;

    /** Every rank. */
    public static final int ALL = -1;

    private final long[] lengths;
    private final long[] offsets;
    private long totalLength;

    /**
     * Shards of no length.
     *
     * @param ranks whose shards they are.
     */
    public Shards(final int ranks) {
        lengths = new long[ranks];
        offsets = new long[ranks + 1];
    }

    /**
     * Gives every rank as many bytes.
     *
     * @param length of each shard, at least 0.
     * @return this.
     */
    public Shards fill(final long length) {
        Arrays.fill(lengths, length);
        place();
        return this;
    }

    /**
     * Takes over what the ranks have announced, which may be anything: unless all of it fits, nothing is changed.
     *
     * @param announced address of uint64[ranks].
     * @param capacity most bytes of all ranks together, at most 2^62.
     * @return {@link #ALL} where it fits; else the first rank with which it does not.
     */
    public int read(final long announced, final long capacity) {
        long left = capacity;
        for (int rank = 0; rank < lengths.length; rank++) {
            final long length = UnsafeApi.getLong(announced + rank * 8L);
            if (length < 0 || length > left) {
                return rank;
            }
            left -= length;
        }
        for (int rank = 0; rank < lengths.length; rank++) {
            lengths[rank] = UnsafeApi.getLong(announced + rank * 8L);
        }
        place();
        return ALL;
    }

    /**
     * Becomes the same.
     *
     * @param other shards of as many ranks.
     */
    public void copy(final Shards other) {
        System.arraycopy(other.lengths, 0, lengths, 0, lengths.length);
        place();
    }

    /** {@return ranks, those without bytes too} */
    public int ranks() {
        return lengths.length;
    }

    /**
     * Size of one rank's shard.
     *
     * @param rank whose.
     * @return bytes, at least 0.
     */
    public long length(final int rank) {
        return lengths[rank];
    }

    /**
     * Where one rank's shard begins.
     *
     * @param rank whose.
     * @return bytes from the beginning of the result, a multiple of {@link #ALIGNMENT}.
     */
    public long offset(final int rank) {
        return offsets[rank];
    }

    /** {@return bytes of all shards together, without what lies between them} */
    public long totalLength() {
        return totalLength;
    }

    /** {@return bytes of memory that holds all shards} */
    public long extent() {
        return offsets[lengths.length];
    }

    private void place() {
        long offset = 0;
        long total = 0;
        for (int rank = 0; rank < lengths.length; rank++) {
            offsets[rank] = offset;
            total += lengths[rank];
            offset += lengths[rank] + ALIGNMENT - 1 & -ALIGNMENT;
        }
        offsets[lengths.length] = offset;
        totalLength = total;
    }
}
