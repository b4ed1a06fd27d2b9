package io.signvote.examples.paper.run;

import java.util.Arrays;
import java.util.List;

/**
 * Statistics of mini-batch gradients, taken while a model was trained.
 *
 * @param ratios  one per epoch looked at, ascending.
 * @param samples gradients of single weights.
 * @param drawn   weights drawn at random to take samples of.
 * @param lively  of them, those that qualify; the first few were taken.
 */
public record GradientSurvey(List<Ratios> ratios, List<Sample> samples, int drawn, int lively) {
    /** A sampled weight has gradients other than 0 in at least this share of the mini-batches of every pass of training's size. */
    public static final double LIVELY = 0.9;

    /** A weight with gradients other than 0 in less than this share of the mini-batches of a pass is left out of its ratios. */
    public static final double NEARLY_SILENT = 0.1;

    /** Copies the lists. */
    public GradientSurvey {
        ratios = List.copyOf(ratios);
        samples = List.copyOf(samples);
    }

    /**
     * Ratios of signal and noise, |mean| / deviation, over all weights, in a pass at the start of an epoch.
     *
     * @param epoch        0 and up.
     * @param batches      mini-batches of the pass.
     * @param loss         mean of the pass.
     * @param mean         over weights that have noise.
     * @param median       of the same.
     * @param greatest     of the same.
     * @param above        weights above the critical ratio.
     * @param noisy        weights that have noise.
     * @param nearlySilent weights whose gradient was almost always 0: left out.
     * @param silent       weights whose gradient never changed: left out.
     */
    public record Ratios(
            int epoch,
            int batches,
            double loss,
            double mean,
            double median,
            double greatest,
            int above,
            int noisy,
            int nearlySilent,
            int silent) {}

    /**
     * Gradients of one weight, over all mini-batches of a pass.
     *
     * @param batch  samples of a mini-batch.
     * @param epoch  at the start of which.
     * @param weight index among all parameters.
     * @param values one per mini-batch.
     */
    public record Sample(int batch, int epoch, int weight, double[] values) {
        /** {@return the values that are not exactly 0} */
        public double[] nonzeros() {
            return Arrays.stream(values).filter(value -> value != 0).toArray();
        }

        /** {@return share of the values that are exactly 0} */
        public double zeros() {
            return 1 - (double) nonzeros().length / values.length;
        }
    }
}
