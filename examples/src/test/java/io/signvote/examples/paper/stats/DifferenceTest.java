package io.signvote.examples.paper.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {
    /** The tables that every book of statistics has. */
    @ParameterizedTest
    @CsvSource({
        "2,  12.7062, 63.6567",
        "3,   4.3027,  9.9248",
        "4,   3.1824,  5.8409",
        "5,   2.7764,  4.6041",
        "6,   2.5706,  4.0321",
        "10,  2.2622,  3.2498",
        "31,  2.0423,  2.7500",
        "121, 1.9799,  2.6174"
    })
    void shouldKnowTheTablesOfStudent(final int size, final double of95, final double of99) {
        assertEquals(of95, StudentT.quantile(size, 0.95), 5e-5);
        assertEquals(of99, StudentT.quantile(size, 0.99), 5e-5);
    }

    @Test
    void shouldTakeTheIntervalByHand() {
        // mean 2, squares 1 + 0 + 1 over 2: deviation 1, of the mean 1 / sqrt(3); t of 2 degrees of freedom is 4.3027
        final Difference difference = Difference.of("a less b", "points", 1, 2, 3);

        assertEquals(2, difference.mean(), 1e-12);
        assertEquals(4.3027 / Math.sqrt(3), difference.reach(), 1e-4);
        assertEquals("a less b: +2.00 points, 95 % interval -0.484 to +4.48, 3 seeds", difference.toString());
    }

    @Test
    void shouldWriteLargeNumbersInFull() {
        assertEquals(
                "a: +1,872, one seed: no interval",
                Difference.of("a", "", 1872.4).toString());
        assertEquals(
                "a: -999, one seed: no interval", Difference.of("a", "", -999).toString());
        assertEquals(
                "a: -0.00403, one seed: no interval",
                Difference.of("a", "", -0.00403).toString());
    }

    @Test
    void shouldHaveNoIntervalOfOneSeed() {
        assertEquals(
                "a less b: -0.250 s, one seed: no interval",
                Difference.of("a less b", "s", -0.25).toString());
    }

    @Test
    void shouldTellDifferencesThatAreNoNumbers() {
        for (final double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertEquals(
                    "a less b: no number, 1 of 2 seeds give no finite difference",
                    Difference.of("a less b", "", 1, broken).toString());
        }
        assertEquals(
                "a less b: no number, 1 of 1 seeds give no finite difference",
                Difference.of("a less b", "", Double.NaN).toString());
    }

    @Test
    void shouldHaveAPointWhereAllSeedsAgree() {
        assertEquals(
                "a less b: +1.50, 95 % interval +1.50 to +1.50, 2 seeds",
                Difference.of("a less b", "", 1.5, 1.5).toString());
    }

    @Test
    void shouldCoverTheTruthInNineteenOfTwentyDraws() {
        final SplittableRandom random = new SplittableRandom(5);
        int covered = 0;
        for (int i = 0; i < 2000; i++) {
            final double[] differences = new double[5];
            Arrays.setAll(differences, j -> 3 + random.nextGaussian());
            final Difference difference = Difference.of("a", "", differences);
            covered += Math.abs(difference.mean() - 3) <= difference.reach() ? 1 : 0;
        }
        // 1,900 are expected, with a deviation of 9.7
        assertTrue(covered > 1860 && covered < 1940, covered + " of 2000");
    }

    @Test
    void shouldNotDependOnTheLanguageOfTheMachine() {
        final Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(
                    "a: +0.500, one seed: no interval",
                    Difference.of("a", "", 0.5).toString());
        } finally {
            Locale.setDefault(before);
        }
    }
}
