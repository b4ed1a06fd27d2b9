package io.signvote.examples.qsgd;

/**
 * Elias' recursive code, also called omega: a number is preceded by its length, that by its own length, and so on down to
 * one; a zero bit ends it. 1 is 0, 2 is 10 0, 4 is 10 100 0, 100 is 10 110 1100100 0.
 *
 * @see <a href="https://doi.org/10.1109/TIT.1975.1055349">Elias 1975, universal codeword sets</a>
 */
final class Elias {
    private Elias() {}

    /**
     * Writes a number.
     *
     * @param number at least 1.
     */
    static void write(final BitWriter target, final int number) {
        if (number < 1) {
            throw new IllegalArgumentException("number=" + number + ", expected at least 1");
        }
        long code = 0;
        int length = 1;
        for (int n = number; n > 1; ) {
            final int bits = Integer.SIZE - Integer.numberOfLeadingZeros(n);
            code |= (long) n << length;
            length += bits;
            n = bits - 1;
        }
        target.write(code, length);
    }

    /**
     * Reads a number.
     *
     * @return at least 1.
     */
    static int read(final BitReader source) {
        long number = 1;
        while (source.read(1) == 1) {
            if (number >= Integer.SIZE) {
                throw new IllegalStateException("a number of " + (number + 1) + " bits, at most 31 are sent");
            }
            number = 1L << number | source.read((int) number);
        }
        if (number > Integer.MAX_VALUE) {
            throw new IllegalStateException("number=" + number + ", at most 2^31 - 1 are sent");
        }
        return (int) number;
    }
}
