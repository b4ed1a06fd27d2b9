package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.Reference;
import io.signvote.op.DataType;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Floats of 16 bits, beside a reference that computes their values by formula and looks for the nearest one. */
class HalvesTest {
    private static final int SAMPLES = 200_000;

    @Test
    void shouldWidenAllValues() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertValue(Reference.ofHalf(DataType.FLOAT16, (short) bits), Halves.ofFloat16((short) bits), bits);
            assertValue(Reference.ofHalf(DataType.BFLOAT16, (short) bits), Halves.ofBfloat16((short) bits), bits);
        }
    }

    @Test
    void shouldNarrowToWhatItWidened() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            final float float16 = Halves.ofFloat16((short) bits);
            assertEquals(Float.isNaN(float16) ? bits | 0x200 : bits, Halves.toFloat16(float16) & 0xFFFF);
            final float bfloat16 = Halves.ofBfloat16((short) bits);
            assertEquals(Float.isNaN(bfloat16) ? bits | 0x40 : bits, Halves.toBfloat16(bfloat16) & 0xFFFF);
        }
    }

    /** Between two neighbours: just below the middle, the middle, and just above it. */
    @Test
    void shouldRoundTheMiddleToEven() {
        for (int bits = 0; bits < 0x7C00; bits++) {
            final float low = Halves.ofFloat16((short) bits);
            final float high = bits == 0x7BFF ? 65536 : Halves.ofFloat16((short) (bits + 1));
            assertNarrowed(low + (high - low) / 2);
        }
        for (int bits = 0; bits < 0x7F80; bits++) {
            assertNarrowed(Float.intBitsToFloat(bits << 16 | 0x8000));
        }
    }

    @Test
    void shouldRoundAnyFloatToTheNearest() {
        final Random random = new Random(416);
        for (int i = 0; i < SAMPLES; i++) {
            assertNarrowed(Float.intBitsToFloat(random.nextInt()));
            assertNarrowed((float) (random.nextGaussian() * Math.pow(2, random.nextInt(50) - 30)));
        }
    }

    private static void assertNarrowed(final float middle) {
        for (final float value : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle), -middle}) {
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Halves.ofFloat16(Halves.toFloat16(value))));
                assertTrue(Float.isNaN(Halves.ofBfloat16(Halves.toBfloat16(value))));
            } else {
                assertEquals(Reference.nearestHalf(DataType.FLOAT16, value), Halves.toFloat16(value), () -> "" + value);
                assertEquals(
                        Reference.nearestHalf(DataType.BFLOAT16, value), Halves.toBfloat16(value), () -> "" + value);
            }
        }
    }

    private static void assertValue(final double expected, final float actual, final int bits) {
        assertEquals(expected, actual, 0.0, () -> Integer.toHexString(bits));
        assertTrue(expected != 0 || 1 / expected == 1 / (double) actual, () -> Integer.toHexString(bits));
    }
}
