package io.signvote.examples.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTest {
    private static final int OFFSET = 3;

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,4,8", "3,5,7", "1,9,513", "17,6,512", "5,3,1100", "2,1,600", "10,64,31"})
    void shouldAddProduct(final int m, final int k, final int n) {
        final float[] a = random(OFFSET + m * k, 1);
        final float[] b = random(k * n, 2);
        final float[] c = random(m * n, 3);
        final float[] before = c.clone();

        new Matrix().addProduct(a, OFFSET, b, c, m, k, n);

        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double expected = before[i * n + j];
                for (int l = 0; l < k; l++) {
                    expected += (double) a[OFFSET + i * k + l] * b[l * n + j];
                }
                assertEquals(expected, c[i * n + j], 1e-4, "row " + i + " column " + j);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,4,8", "3,5,7", "2,3,100", "1,4,9", "5,9,33", "10,64,31"})
    void shouldAddProductTransposed(final int m, final int k, final int n) {
        final float[] a = random(m * n, 1);
        final float[] b = random(k * n, 2);
        final float[] c = random(OFFSET + m * k + 1, 3);
        final float[] before = c.clone();

        new Matrix().addProductTransposed(a, b, c, OFFSET, m, k, n);

        for (int i = 0; i < m; i++) {
            for (int j = 0; j < k; j++) {
                double expected = before[OFFSET + i * k + j];
                for (int x = 0; x < n; x++) {
                    expected += (double) a[i * n + x] * b[j * n + x];
                }
                assertEquals(expected, c[OFFSET + i * k + j], 1e-4, "row " + i + " column " + j);
            }
        }
        assertEquals(before[OFFSET - 1], c[OFFSET - 1]);
        assertEquals(before[OFFSET + m * k], c[OFFSET + m * k]);
    }

    @ParameterizedTest
    @CsvSource({"2,3", "1,5", "4,4"})
    void shouldComeBackWhenTransposedTwice(final int m, final int n) {
        final float[] a = random(m * n, 1);
        final float[] once = new float[m * n];
        final float[] twice = new float[m * n];

        Matrix.transpose(a, 0, once, m, n);
        Matrix.transpose(once, 0, twice, n, m);

        assertEquals(a[(m - 1) * n], once[m - 1]);
        assertArrayEquals(a, twice);
    }

    private static float[] random(final int count, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
