package io.signvote.op;

/** Type of the elements of a call, and their size in memory. */
public enum DataType {
    /** One bit per coordinate, 64 to a little-endian word, least significant first; 1 is negative. */
    SIGN(1),

    /** IEEE 754 binary32, little-endian. */
    FLOAT32(2),

    /**
     * IEEE 754 binary16, little-endian, for gradients on a GPU. Their votes are those of the same values as FLOAT32.
     */
    FLOAT16(4),

    /** The upper half of a binary32, little-endian; as {@link #FLOAT16}. */
    BFLOAT16(5),

    /** Bytes of an all-gather. The library does not interpret them. */
    BYTE(3);

    private static final DataType[] ALL = values();

    private final int code;

    DataType(final int code) {
        this.code = code;
    }

    /**
     * The number of this type in data frames.
     *
     * @return code, at least 0.
     */
    public int code() {
        return code;
    }

    /**
     * The type of a code.
     *
     * @param code anything.
     * @return the type, or null if no type has this code.
     */
    public static DataType of(final int code) {
        for (final DataType each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }

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
