package io.signvote.examples.qsgd;

/** Reads bits in the order in which {@link BitWriter} wrote them. */
public final class BitReader {
    private final long[] words;
    private long position;

    /**
     * Reads from the first bit on.
     *
     * @param words not copied.
     */
    public BitReader(final long[] words) {
        this.words = words;
    }

    /**
     * Reads bits, the first as the highest.
     *
     * @param count how many, 1 to 63.
     * @return their value.
     * @throws IllegalStateException at the end of the words.
     */
    long read(final int count) {
        final int word = (int) (position >>> 6);
        final int left = Long.SIZE - (int) (position & 63);
        if (position + count > (long) words.length << 6) {
            throw new IllegalStateException("bit " + (position + count) + " of " + ((long) words.length << 6));
        }
        position += count;
        if (count <= left) {
            return words[word] << Long.SIZE - left >>> Long.SIZE - count;
        }
        final long high = words[word] & -1L >>> Long.SIZE - left;
        return high << count - left | words[word + 1] >>> Long.SIZE - (count - left);
    }
}
