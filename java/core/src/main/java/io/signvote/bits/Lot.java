package io.signvote.bits;

/**
 * Random bits that decide zeros and ties, called lots: SplitMix64, seeded per draw. A word of 64 lots depends on (seed,
 * communicator, step, identity, global word) and on nothing else. So every backend, plan and arrival order draws the
 * same lots. All ranks share the lots of ties, so their identity is {@link #NOBODY}.
 *
 * <p>{@code key = m(m(m(m(seed) + communicator) + step) + identity)}, {@code lots(key, w) = m(key + (w + 1) G)}, all
 * modulo 2^64, where m is SplitMix64's finalizer and G = 0x9E3779B97F4A7C15. Test vectors are beside the wire schema.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number
 *     generators, 2014</a>
 */
public final class Lot {
    /** Identity for the lots of ties. */
    public static final long NOBODY = -1;

    /** Increment of SplitMix64: 2^64 over the golden ratio, made odd. */
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Lot() {}

    /**
     * Key of all lots of one identity in one step.
     *
     * @param seed configured, the same on every rank.
     * @param communicator number of the communicator.
     * @param step step of the caller.
     * @param identity rank whose zeros are drawn, or {@link #NOBODY} for ties.
     * @return key for {@link #lots}.
     */
    public static long key(final long seed, final long communicator, final long step, final long identity) {
        return mix(mix(mix(mix(seed) + communicator) + step) + identity);
    }

    /**
     * The 64 lots of one word.
     *
     * @param key from {@link #key}.
     * @param word global index of the word: of coordinate / 64 in the whole call.
     * @return 64 bits, 1 for negative.
     */
    public static long lots(final long key, final long word) {
        return mix(key + (word + 1) * GOLDEN);
    }

    static long mix(final long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
