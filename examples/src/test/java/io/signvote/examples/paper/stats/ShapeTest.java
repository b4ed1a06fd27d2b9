package io.signvote.examples.paper.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The tests of shape against known values, and against samples whose shape is known. */
class ShapeTest {
    /** Quality of 63 faculties of statistics, as in Hartigan and Hartigan 1985. */
    private static final double[] FACULTIES = {
        30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43, 43, 43, 44, 44, 45, 45, 46, 46, 47, 47,
                48, 48,
        48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62,
                63, 66,
        70, 72, 72
    };

    /** Values of R's package diptest. */
    @Test
    void shouldFindTheDipsThatOthersFind() {
        assertEquals(0.059524, DipStatistic.of(FACULTIES), 1e-6);
        assertEquals(1 / 6.0, DipStatistic.of(new double[] {1, 2, 3, 4, 10, 11, 12, 13}), 1e-12);
        assertEquals(
                0.122222222222222,
                DipStatistic.of(
                        new double[] {0.1, 0.4, 0.45, 0.5, 0.52, 0.55, 0.58, 0.6, 0.9, 1.3, 1.35, 1.4, 1.45, 1.5, 2.2}),
                1e-12);
        assertEquals(0.25, DipStatistic.of(new double[] {1, 1, 1, 2, 2, 2}), 1e-12);
        assertEquals(1 / 6.0, DipStatistic.of(new double[] {1, 2, 2.5, 3, 7, 7.5, 7.7, 9}), 1e-12);
        assertEquals(0.175, DipStatistic.of(new double[] {-3, -2, 5, 5, 7}), 1e-12);
    }

    @Test
    void shouldFindTheLeastDipOfALine() {
        assertEquals(0.05, DipStatistic.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), 1e-12);
        assertEquals(0.25, DipStatistic.of(new double[] {5, 6}), 1e-12);
        assertEquals(0.125, DipStatistic.of(new double[] {5, 5, 5, 5}), 1e-12);
    }

    @Test
    void shouldFindTheSameDipInTheMirror() {
        final SplittableRandom random = new SplittableRandom(4);
        for (int size = 3; size < 60; size++) {
            final double[] sample =
                    random.doubles(size).map(u -> u * u * u).sorted().toArray();
            final double[] mirror = Arrays.stream(sample).map(u -> -u).sorted().toArray();

            assertEquals(DipStatistic.of(sample), DipStatistic.of(mirror), 1e-12);
        }
    }

    @Test
    void shouldTellTwoPeaksFromOne() {
        final DipTest test = new DipTest(300, 500, 1);

        assertTrue(test.pValue(sample(300, SplittableRandom::nextGaussian)) > 0.2);
        assertTrue(test.pValue(sample(300, random -> Math.log(random.nextDouble()))) > 0.2);
        assertTrue(test.pValue(sample(300, random -> random.nextGaussian() + (random.nextBoolean() ? 3 : -3))) < 0.01);
    }

    @Test
    void shouldDoubtOneUniformSampleInTwenty() {
        final DipTest test = new DipTest(100, 400, 1);
        final SplittableRandom random = new SplittableRandom(9);
        int doubted = 0;
        for (int i = 0; i < 400; i++) {
            doubted += test.pValue(random.doubles(100).toArray()) <= 0.05 ? 1 : 0;
        }
        // 20 are expected, with a deviation of 4.4 from the draws and as much from the test's own
        assertTrue(doubted > 3 && doubted < 45, doubted + " of 400");
    }

    @Test
    void shouldMeasureSkewByHand() {
        // median 2, mean 3, distances from the median 2, 1, 0, 1 and 7: (5 / 5) / (sqrt(pi / 2) * 11 / 5)
        assertEquals(5 / (Math.sqrt(Math.PI / 2) * 11), SymmetryTest.skew(new double[] {9, 2, 1, 3, 0}), 1e-12);
        assertEquals(0, SymmetryTest.skew(new double[] {1, 2, 3, 4}), 1e-12);
        assertEquals(0, SymmetryTest.skew(new double[] {7, 7, 7}), 0);
    }

    @Test
    void shouldTellSkewedFromSymmetric() {
        final SymmetryTest test = new SymmetryTest(500, 1);

        assertTrue(test.pValue(sample(400, random -> 5 + random.nextGaussian())) > 0.1);
        assertTrue(test.pValue(sample(400, random -> Math.pow(random.nextGaussian(), 3))) > 0.05);
        assertTrue(test.pValue(sample(400, random -> -Math.log(random.nextDouble()))) < 0.01);
    }

    @Test
    void shouldDoubtOneSymmetricSampleInTwenty() {
        final SymmetryTest test = new SymmetryTest(200, 3);
        final SplittableRandom random = new SplittableRandom(2);
        int doubted = 0;
        for (int i = 0; i < 300; i++) {
            final double[] sample = new double[80];
            Arrays.setAll(sample, j -> random.nextGaussian());
            doubted += test.pValue(sample) <= 0.05 ? 1 : 0;
        }
        assertTrue(doubted > 3 && doubted < 32, doubted + " of 300");
    }

    @Test
    void shouldTellSignalFromNoiseByHand() {
        final Moments moments = new Moments(2);
        moments.add(new float[] {1, 5});
        moments.add(new float[] {2, 5});
        moments.add(new float[] {6, 5});

        // mean 3, squares 4 + 1 + 9 over 2
        assertEquals(Math.sqrt(7), moments.deviation(0), 1e-12);
        assertEquals(3 / Math.sqrt(7), moments.ratio(0), 1e-12);
        assertEquals(0, moments.deviation(1), 0);
    }

    private static double[] sample(final int size, final ToDoubleFunction<SplittableRandom> draw) {
        final SplittableRandom random = new SplittableRandom(11);
        final double[] sample = new double[size];
        Arrays.setAll(sample, i -> draw.applyAsDouble(random));
        return sample;
    }
}
