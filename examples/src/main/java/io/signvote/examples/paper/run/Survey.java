package io.signvote.examples.paper.run;

import java.util.List;

/**
 * What mini-batch gradients were like while a model was trained.
 *
 * @param ratios  one per epoch looked at, ascending.
 * @param samples gradients of single weights.
 */
public record Survey(List<Ratios> ratios, List<Sample> samples) {
    /** Copies the lists. */
    public Survey {
        ratios = List.copyOf(ratios);
        samples = List.copyOf(samples);
    }

    /**
     * Ratios of signal and noise, |mean| / deviation, over all weights, in a pass at the start of an epoch.
     *
     * @param epoch    0 and up.
     * @param batches  mini-batches of the pass.
     * @param mean     over weights that have noise.
     * @param median   of the same.
     * @param greatest of the same.
     * @param above    weights above the critical ratio.
     * @param noisy    weights that have noise.
     * @param silent   weights whose gradient never changed: left out.
     */
    public record Ratios(
            int epoch, int batches, double mean, double median, double greatest, int above, int noisy, int silent) {}

    /**
     * Gradients of one weight, over all mini-batches of a pass.
     *
     * @param batch  samples of a mini-batch.
     * @param epoch  at the start of which.
     * @param weight index among all parameters.
     * @param values one per mini-batch.
     */
    public record Sample(int batch, int epoch, int weight, double[] values) {}
}
