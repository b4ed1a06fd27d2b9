package io.signvote.jmh.cuda;

/**
 * Memory that a kernel works on: rows of one value for each coordinate.
 *
 * @param kind what is in it before the kernel runs.
 * @param rows planes or ballots, else 1.
 * @param reads how often each byte is read.
 * @param writes how often each byte is written.
 */
record Operand(Kind kind, int rows, int reads, int writes) {
    /** Rows begin at multiples of this. */
    private static final long ALIGNMENT = 256;

    /** What memory holds. */
    enum Kind {
        FLOAT32(32),
        FLOAT16(16),
        BFLOAT16(16),
        /** Packed signs. */
        WORDS(1);

        private final int bits;

        Kind(final int bits) {
            this.bits = bits;
        }

        /** Bytes of a row that hold n coordinates. */
        long length(final long n) {
            return this == WORDS ? n + Long.SIZE - 1 >>> 6 << 3 : n * bits >> 3;
        }
    }

    static Operand read(final Kind kind) {
        return new Operand(kind, 1, 1, 0);
    }

    static Operand readRows(final Kind kind, final int rows) {
        return new Operand(kind, rows, 1, 0);
    }

    static Operand written(final Kind kind) {
        return new Operand(kind, 1, 0, 1);
    }

    static Operand updated(final Kind kind) {
        return new Operand(kind, 1, 1, 1);
    }

    static Operand updatedRows(final Kind kind, final int rows) {
        return new Operand(kind, rows, 1, 1);
    }

    /** Bytes from a row to the next. */
    long stride(final long n) {
        return (kind.length(n) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Bytes of all rows. */
    long length(final long n) {
        return rows * stride(n);
    }

    /** Bytes that cross to and from memory. */
    long moved(final long n) {
        return rows * kind.length(n) * (reads + writes);
    }
}
