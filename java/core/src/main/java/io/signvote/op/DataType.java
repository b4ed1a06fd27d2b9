package io.signvote.op;

/** Type of the elements of a call, and their size in memory. */
public enum DataType {
    /** One bit per coordinate, 64 to a little-endian word, least significant first; 1 is negative. */
    SIGN,

    /** IEEE 754 binary32, little-endian. */
    FLOAT32,

    /** IEEE 754 binary16, little-endian; gradients on a device, whose votes are those of the same values in FLOAT32. */
    FLOAT16,

    /** The upper half of a binary32, little-endian; as {@link #FLOAT16}. */
    BFLOAT16,

    /** Bytes that mean nothing to the library, as an all-gather carries them. */
    BYTE;

    /**
     * Memory that a number of elements takes.
     *
     * @param count elements, at least 0.
     * @return bytes; whole words of 8 bytes for {@link #SIGN}.
     */
    public long sizeOf(final long count) {
        return switch (this) {
            case SIGN -> (count + 63 >>> 6) << 3;
            case FLOAT32 -> count << 2;
            case FLOAT16, BFLOAT16 -> count << 1;
            case BYTE -> count;
        };
    }
}
