package io.signvote.bits;

/**
 * A 64-bit hash of a few numbers, in order: {@code hash = m(hash + value + G)} for each, modulo 2^64, from
 * {@link #EMPTY} on. m and G are those of {@link Lot}. Ranks compare such a hash instead of the numbers. It is not a
 * cryptographic hash. Test vectors are beside the wire schema.
 */
public final class Hash {
    /** Hash of no numbers. */
    public static final long EMPTY = 0;

    private Hash() {}

    /**
     * Hash with one more number.
     *
     * @param hash of the numbers before it.
     * @param value any.
     * @return hash of all.
     */
    public static long add(final long hash, final long value) {
        return Lot.mix(hash + value + Lot.GOLDEN);
    }

    /**
     * Hash with one more float: its 32 bits, as an unsigned number. All NaNs are the same, and 0 is not -0.
     *
     * @param hash of the numbers before it.
     * @param value any.
     * @return hash of all.
     */
    public static long add(final long hash, final float value) {
        return add(hash, Integer.toUnsignedLong(Float.floatToIntBits(value)));
    }
}
