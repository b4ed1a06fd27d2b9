package io.signvote.examples.qsgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.net.Tensors;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCodeTest {
    @Test
    void shouldMeasureByBothNorms() {
        final float[] values = {9, 3, -4, 0, 9};

        assertEquals(5, Norm.L2.of(values, 1, 3));
        assertEquals(4, Norm.MAX.of(values, 1, 3));
    }

    @Test
    void shouldKeepValuesThatLieOnLevels() {
        final int[] levels = new int[4];

        final float norm =
                new Quantizer(4, Norm.MAX, new SplittableRandom(1)).quantize(new float[] {8, -2, 0, 4}, 0, 4, levels);

        assertEquals(8, norm);
        assertArrayEquals(new int[] {4, -1, 0, 2}, levels);
    }

    @ParameterizedTest
    @CsvSource({"1, L2", "2, L2", "8, L2", "1, MAX", "2, MAX", "5, MAX", "8, MAX", "100, MAX"})
    void shouldRoundToOneOfTheTwoLevelsBesideAndBeRightInTheMean(final int levelCount, final Norm norm) {
        final float[] values = {1, -0.3f, 0.71f, 0, 0.004f, -0.9f};
        final int draws = 40_000;
        final Quantizer quantizer = new Quantizer(levelCount, norm, new SplittableRandom(3));
        final int[] levels = new int[values.length];
        final double[] sums = new double[values.length];
        float scale = 0;
        for (int draw = 0; draw < draws; draw++) {
            scale = quantizer.quantize(values, 0, values.length, levels);
            for (int i = 0; i < values.length; i++) {
                final double exact = values[i] / scale * levelCount;
                assertTrue(Math.abs(levels[i] - exact) < 1 + 1e-6, levels[i] + " for " + exact);
                sums[i] += quantizer.restore(scale, levels[i]);
            }
        }
        for (int i = 0; i < values.length; i++) {
            // a lot between two levels has a deviation of at most half their distance: five of the mean's
            final double tolerance = 5 * 0.5 * scale / levelCount / Math.sqrt(draws) + 1e-6;
            assertEquals(values[i], sums[i] / draws, tolerance);
        }
    }

    @Test
    void shouldWriteTheSparseCodeByHand() {
        final BitWriter writer = new BitWriter();

        Code.SPARSE.write(writer, new int[] {0, 0, -2, 1, 0}, 5);

        // two nonzero: 3 is 110; gap 3 is 110, minus 1, level 2 is 100; gap 1 is 0, plus 0, level 1 is 0
        assertEquals("110" + "110" + "1" + "100" + "0" + "0" + "0", text(writer));
    }

    @Test
    void shouldWriteTheDenseCodeByHand() {
        final BitWriter writer = new BitWriter();

        Code.DENSE.write(writer, new int[] {0, -1, 2, 0}, 4);

        // 0 is 1: 0; 1 is 2: 100, minus 1; 2 is 3: 110, plus 0; 0
        assertEquals("0" + "1001" + "1100" + "0", text(writer));
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void shouldReadWhatItWrote(final Code code) {
        final SplittableRandom random = new SplittableRandom(5);
        for (final int length : new int[] {1, 2, 64, 1000}) {
            for (final int spread : new int[] {1, 2, 200}) {
                final int[] levels = new int[length];
                for (int i = 0; i < length; i++) {
                    levels[i] = random.nextInt(3) == 0 ? random.nextInt(2 * spread) - spread : 0;
                }
                final BitWriter writer = new BitWriter();
                code.write(writer, levels, length);
                final int[] read = new int[length];
                code.read(new BitReader(writer.words()), read, length);

                assertArrayEquals(levels, read);
            }
        }
    }

    @Test
    void shouldRefuseAnElementBeyondTheTensor() {
        final BitWriter writer = new BitWriter();
        Code.SPARSE.write(writer, new int[] {0, 0, 0, 1}, 4);

        assertThrows(IllegalStateException.class, () -> Code.SPARSE.read(new BitReader(writer.words()), new int[3], 3));
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void shouldAddWhatItReadTensorByTensor(final Norm norm) {
        final GradientCode code = new GradientCode(new Tensors(2, 3), 1, norm, 1);
        final BitWriter writer = new BitWriter();
        code.write(new float[] {0, -3, 0, 5, 0}, writer);
        final float[] sum = {1, 1, 1, 1, 1};

        code.addTo(new BitReader(writer.words()), sum);

        assertArrayEquals(new float[] {1, -2, 1, 6, 1}, sum);
    }

    @Test
    void shouldSayThatAGradientWasNotFinite() {
        final GradientCode code = new GradientCode(new Tensors(2, 1), 1, Norm.MAX, 1);
        final BitWriter writer = new BitWriter();
        code.write(new float[] {1, Float.POSITIVE_INFINITY, 2}, writer);
        final float[] sum = new float[3];

        code.addTo(new BitReader(writer.words()), sum);

        assertArrayEquals(new float[] {Float.NaN, Float.NaN, 2}, sum);
    }

    private static String text(final BitWriter writer) {
        final StringBuilder text = new StringBuilder();
        final BitReader reader = new BitReader(writer.words());
        for (long i = 0; i < writer.bits(); i++) {
            text.append(reader.read(1));
        }
        return text.toString();
    }
}
