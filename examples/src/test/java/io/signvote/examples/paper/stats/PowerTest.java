package io.signvote.examples.paper.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PowerTest {
    @Test
    void shouldSeeMoreInLargerSamples() {
        final Power small = new Power(40, 0.01, 400, 1);
        final Power large = new Power(400, 0.01, 400, 1);

        assertTrue(large.peaks() < small.peaks(), large.peaks() + " and " + small.peaks());
        assertTrue(large.skewness() < small.skewness(), large.skewness() + " and " + small.skewness());
        // an equal mixture has two peaks only beyond two deviations
        assertTrue(large.peaks() > 2 && small.peaks() < 8, large.peaks() + " and " + small.peaks());
    }

    @Test
    void shouldSeeNothingInAHandfulOfValues() {
        assertEquals(Double.POSITIVE_INFINITY, new Power(5, 0.001, 2000, 1).peaks());
        assertEquals(Double.POSITIVE_INFINITY, new Power(5, 0.001, 2000, 1).skewness());
    }

    @Test
    void shouldKnowHowSkewedALogNormalDistributionIs() {
        // e^(s s) is 2: (2 + 2) sqrt(2 - 1)
        assertEquals(Math.sqrt(Math.log(2)), Power.logNormalScale(4), 1e-9);
    }

    @Test
    void shouldKnowStudentsTails() {
        // with one degree of freedom t is Cauchy's: both tails at 1 are a half; two values, ratio 1 / sqrt(2)
        assertEquals(0.5, StudentT.above(2, Math.sqrt(0.5)), 1e-9);
        // tables: t of 9 degrees of freedom is beyond 2.262157 in one of twenty
        assertEquals(0.05, StudentT.above(10, 2.262157 / Math.sqrt(10)), 1e-6);
        assertTrue(StudentT.above(84, 2 / Math.sqrt(3)) < 1e-12);
    }
}
