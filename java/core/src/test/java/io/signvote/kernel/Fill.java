package io.signvote.kernel;

import java.util.SplittableRandom;
import org.agrona.UnsafeApi;

/** What the floats of a test are. */
enum Fill {
    ALL_POSITIVE {
        @Override
        float next(final SplittableRandom random) {
            return (float) random.nextDouble(1e-3, 1e3);
        }
    },
    ALL_NEGATIVE {
        @Override
        float next(final SplittableRandom random) {
            return -(float) random.nextDouble(1e-3, 1e3);
        }
    },
    ALL_ZERO {
        @Override
        float next(final SplittableRandom random) {
            return random.nextBoolean() ? 0.0f : -0.0f;
        }
    },
    GRADIENT {
        @Override
        float next(final SplittableRandom random) {
            return random.nextInt(100) == 0 ? 0.0f : (float) random.nextDouble(-0.1, 0.1);
        }
    },
    SPECIAL {
        @Override
        float next(final SplittableRandom random) {
            return SPECIALS[random.nextInt(SPECIALS.length)];
        }
    },
    /** Magnitudes from 0 to 2^-123, a quarter of them within a few units of the smallest normal float. */
    TINY {
        @Override
        float next(final SplittableRandom random) {
            final int magnitude = random.nextInt(4) == 0
                    ? SMALLEST_NORMAL - 4 + random.nextInt(8)
                    : random.nextInt(4 * SMALLEST_NORMAL);
            return Float.intBitsToFloat(magnitude | random.nextInt(2) << 31);
        }
    },
    ANY_BITS {
        @Override
        float next(final SplittableRandom random) {
            return Float.intBitsToFloat(random.nextInt());
        }
    };

    /** Bits of 2^-126. */
    private static final int SMALLEST_NORMAL = 0x0080_0000;

    private static final float[] SPECIALS = {
        0.0f,
        -0.0f,
        1.0f,
        -1.0f,
        Float.NaN,
        Float.intBitsToFloat(0xFFC0_0001),
        Float.intBitsToFloat(0x7F80_0001),
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        3 * Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MIN_NORMAL - Float.MIN_VALUE,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0x1.fffffep0f
    };

    abstract float next(SplittableRandom random);

    /** Writes the same floats to every target. */
    void fill(final int n, final SplittableRandom random, final long... targets) {
        for (long i = 0; i < n; i++) {
            final int bits = Float.floatToRawIntBits(next(random));
            for (final long target : targets) {
                UnsafeApi.putInt(target + 4 * i, bits);
            }
        }
    }
}
