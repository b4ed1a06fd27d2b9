package io.signvote.kernel;

/**
 * Two counts in one long, as {@link Kernels#packSigns} returns them. The low 32 bits count zeros, the high 32 bits
 * count values that are not finite.
 */
public final class Counts {
    private Counts() {}

    /**
     * Joins two counts.
     *
     * @param zeros 0 to 2^32 - 1.
     * @param notFinite 0 to 2^31 - 1.
     * @return both.
     */
    public static long of(final long zeros, final long notFinite) {
        return zeros | notFinite << 32;
    }

    /**
     * The first count.
     *
     * @param counts both.
     * @return values that were zero.
     */
    public static long zeros(final long counts) {
        return counts & 0xFFFF_FFFFL;
    }

    /**
     * The second count.
     *
     * @param counts both.
     * @return values that were not finite.
     */
    public static long notFinite(final long counts) {
        return counts >>> 32;
    }
}
