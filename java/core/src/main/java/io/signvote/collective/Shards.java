package io.signvote.collective;

import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * The shards of a gather: the length of each rank's shard and its offset in the result, in bytes. Shards follow one
 * another in rank order, each at a multiple of {@link #ALIGNMENT} bytes. Mutable, so that a call allocates nothing.
 * Owned by one thread.
 */
public final class Shards {
    /** Alignment of every shard in the result, in bytes: enough for words and floats. */
    public static final int ALIGNMENT = 8;

    /** Answer of {@link #read} if the shards of all ranks fit. */
    public static final int ALL = -1;

    private final long[] lengths;
    private final long[] offsets;
    private long totalLength;

    /**
     * Makes empty shards.
     *
     * @param ranks number of ranks.
     */
    public Shards(final int ranks) {
        lengths = new long[ranks];
        offsets = new long[ranks + 1];
    }

    /**
     * Gives the shards of all ranks the same length.
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
     * Reads the lengths that the ranks have announced. They may be any numbers. If they do not all fit, these shards
     * stay unchanged.
     *
     * @param announced address of uint64[ranks].
     * @param capacity most bytes of all ranks together, at most 2^62.
     * @return {@link #ALL} if all fit, else the first rank whose shard does not fit.
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
     * Copies the lengths of other shards.
     *
     * @param other shards of the same number of ranks.
     */
    public void copy(final Shards other) {
        System.arraycopy(other.lengths, 0, lengths, 0, lengths.length);
        place();
    }

    /** {@return number of ranks, with or without bytes} */
    public int ranks() {
        return lengths.length;
    }

    /**
     * Length of one rank's shard.
     *
     * @param rank owner of the shard.
     * @return bytes, at least 0.
     */
    public long length(final int rank) {
        return lengths[rank];
    }

    /**
     * Offset of one rank's shard.
     *
     * @param rank owner of the shard.
     * @return bytes from the beginning of the result, a multiple of {@link #ALIGNMENT}.
     */
    public long offset(final int rank) {
        return offsets[rank];
    }

    /** {@return bytes of all shards together, without padding} */
    public long totalLength() {
        return totalLength;
    }

    /** {@return bytes of the result, with padding} */
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
