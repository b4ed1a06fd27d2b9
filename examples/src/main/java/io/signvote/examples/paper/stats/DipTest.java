package io.signvote.examples.paper.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Whether a sample has more than one peak: how its dip compares with those of uniform samples of the same size, the unimodal ones
 * that are hardest to tell.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176346577">Hartigan and Hartigan 1985</a>
 */
public final class DipTest {
    private final double[] uniformDips;

    /**
     * A test for samples of one size.
     *
     * @param size  of the samples, at least 2.
     * @param draws of uniform samples that a dip is compared with.
     * @param seed  of these.
     */
    public DipTest(final int size, final int draws, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        uniformDips = new double[draws];
        final double[] sample = new double[size];
        for (int i = 0; i < draws; i++) {
            for (int j = 0; j < size; j++) {
                sample[j] = random.nextDouble();
            }
            Arrays.sort(sample);
            uniformDips[i] = DipStatistic.of(sample);
        }
        Arrays.sort(uniformDips);
    }

    /**
     * How likely a dip as large as the sample's is where there is one peak.
     *
     * @param sample of the size that the test is for, in any order.
     * @return above 0, at most 1.
     */
    public double pValue(final double[] sample) {
        final double[] sorted = sample.clone();
        Arrays.sort(sorted);
        final double dip = DipStatistic.of(sorted);
        int below = 0;
        while (below < uniformDips.length && uniformDips[below] < dip) {
            below++;
        }
        return (uniformDips.length - below + 1.0) / (uniformDips.length + 1.0);
    }
}
