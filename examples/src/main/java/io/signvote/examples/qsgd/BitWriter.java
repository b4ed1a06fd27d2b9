package io.signvote.examples.qsgd;

import java.util.Arrays;

/** Writes bits one after the other into words, the first into the highest bit of the first word. */
public final class BitWriter {
    private long[] words = new long[1024];
    private long bits;

    /**
     * Forgets everything.
     *
     * @return this.
     */
    public BitWriter clear() {
        Arrays.fill(words, 0, wordCount(), 0);
        bits = 0;
        return this;
    }

    /**
     * Writes the lowest bits of a value, the highest of them first.
     *
     * @param value with zeros above.
     * @param count how many bits, 1 to 63.
     */
    void write(final long value, final int count) {
        final int word = (int) (bits >>> 6);
        final int free = Long.SIZE - (int) (bits & 63);
        if (word + 1 >= words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        if (count <= free) {
            words[word] |= value << free - count;
        } else {
            words[word] |= value >>> count - free;
            words[word + 1] = value << Long.SIZE - (count - free);
        }
        bits += count;
    }

    /** {@return bits written} */
    public long bits() {
        return bits;
    }

    /** {@return words that hold them} */
    public int wordCount() {
        return (int) (bits + 63 >>> 6);
    }

    /** {@return the words themselves} */
    public long[] words() {
        return words;
    }
}
