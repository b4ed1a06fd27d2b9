package io.signvote.op;

/**
 * Type of the elements of a call, and their size in memory. All numbers are little-endian. Integers are in two's
 * complement.
 */
public enum DataType {
    /** One bit per coordinate, 64 to a little-endian word, least significant first; 1 is negative. */
    SIGN(1, 0),

    /** IEEE 754 binary32. */
    FLOAT32(2, 4),

    /** Unsigned integers of 8 bits; also the bytes of an all-gather, which the library does not interpret. */
    UINT8(3, 1),

    /** IEEE 754 binary16. Their votes are those of the same values as FLOAT32. */
    FLOAT16(4, 2),

    /** The upper half of a binary32; as {@link #FLOAT16}. */
    BFLOAT16(5, 2),

    /** IEEE 754 binary64. */
    FLOAT64(6, 8),

    /** Integers of 8 bits. */
    INT8(7, 1),

    /** Integers of 32 bits. */
    INT32(8, 4),

    /** Integers of 64 bits. */
    INT64(9, 8);

    private static final DataType[] ALL = values();

    private final int code;
    private final int size;

    DataType(final int code, final int size) {
        this.code = code;
        this.size = size;
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
     * Memory that one element takes.
     *
     * @return bytes; 0 for {@link #SIGN}, whose elements are bits.
     */
    public int size() {
        return size;
    }

    /**
     * Memory that a number of elements takes.
     *
     * @param count elements, at least 0.
     * @return bytes; whole words of 8 bytes for {@link #SIGN}.
     */
    public long sizeOf(final long count) {
        return this == SIGN ? (count + 63 >>> 6) << 3 : count * size;
    }

    /** {@return whether the elements are floating-point numbers} */
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64 || isHalf();
    }

    /** {@return whether the elements are floating-point numbers of 16 bits} */
    public boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /** {@return whether the elements are integers} */
    public boolean isInteger() {
        return this == INT8 || this == UINT8 || this == INT32 || this == INT64;
    }

    /**
     * The type in which contributions of this type are combined. The result is rounded to this type once.
     *
     * @return FLOAT32 for numbers of 16 bits with a point, else this type.
     */
    public DataType wide() {
        return isHalf() ? FLOAT32 : this;
    }
}
