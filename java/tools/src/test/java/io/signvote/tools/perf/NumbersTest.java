package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.Halves;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The conversions of the check, beside those of the library, which are other code. */
class NumbersTest {
    @Test
    void shouldReadEveryFloatOf16BitsAsTheLibraryDoes() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            final float half = Halves.ofFloat16((short) bits);
            final float brain = Halves.ofBfloat16((short) bits);

            if (!Float.isNaN(half)) {
                assertEquals(half, Numbers.value(DataType.FLOAT16, bits));
                assertEquals(bits, Numbers.bits(DataType.FLOAT16, half));
            }
            if (!Float.isNaN(brain)) {
                assertEquals(brain, Numbers.value(DataType.BFLOAT16, bits));
                assertEquals(bits, Numbers.bits(DataType.BFLOAT16, brain));
            }
        }
    }

    @Test
    void shouldRoundEveryMagnitudeAsTheLibraryDoes() {
        final Random draw = new Random(7);
        for (int i = 0; i < 300_000; i++) {
            // some halfway between two floats of 16 bits
            final int bits = draw.nextInt() & (i % 3 == 0 ? 0xFFFF_8000 : i % 3 == 1 ? 0xFFFF_F000 : -1);
            final float value = Float.intBitsToFloat(bits);

            if (!Float.isNaN(value)) {
                assertEquals(Halves.toFloat16(value) & 0xFFFF, Numbers.bits(DataType.FLOAT16, value), "" + value);
                assertEquals(Halves.toBfloat16(value) & 0xFFFF, Numbers.bits(DataType.BFLOAT16, value), "" + value);
            }
        }
    }

    @Test
    void shouldReadWhatItWrote() {
        try (OffHeap memory = new OffHeap(24)) {
            for (final DataType type : DataType.values()) {
                if (type != DataType.SIGN) {
                    final long bits = type.isFloat() ? 0x3C : type == DataType.UINT8 ? 250 : -6;
                    Numbers.put(type, memory.address(), 2, bits);

                    assertEquals(bits, Numbers.get(type, memory.address(), 2), type.name());
                }
            }
        }
    }

    @Test
    void shouldCutIntegersToTheirType() {
        assertEquals(-128, Numbers.wrapped(DataType.INT8, 128));
        assertEquals(1, Numbers.wrapped(DataType.UINT8, 257));
        assertEquals(Integer.MIN_VALUE, Numbers.wrapped(DataType.INT32, 1L << 31));
        assertEquals(1L << 40, Numbers.wrapped(DataType.INT64, 1L << 40));
    }
}
