package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.examples.net.Tensors;
import io.signvote.examples.qsgd.Norm;
import java.util.Locale;

/**
 * A way to train, by name: makes an optimiser on every rank.
 *
 * @param name     for tables and charts.
 * @param settings all that decides what it does, but the rate.
 * @param maker    of optimisers.
 */
public record Method(String name, String settings, Maker maker) {
    private static final long PER_RANK = 0x9E3779B97F4A7C15L;

    /** Makes the optimiser of one rank. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Makes it.
         *
         * @param communicator of the rank.
         * @param tensors      of the model.
         * @param seed         of the run, the same on all ranks.
         * @return an optimiser, to be closed.
         */
        Optimiser open(Communicator communicator, Tensors tensors, long seed);
    }

    /**
     * Majority vote.
     *
     * @param momentum 0 to below 1; 0 is signSGD.
     * @return Signum over the library.
     */
    public static Method vote(final float momentum) {
        return new Method(
                momentum == 0 ? "signSGD, vote" : "Signum, vote",
                "signum momentum=" + momentum,
                (communicator, tensors, seed) -> new VotedSignum(communicator, tensors.total(), momentum));
    }

    /**
     * Exact averaging.
     *
     * @param momentum 0 to below 1.
     * @return SGD over the library.
     */
    public static Method sgd(final float momentum) {
        return new Method(
                "SGD, mean",
                "sgd momentum=" + momentum,
                (communicator, tensors, seed) -> new AveragedSgd(communicator, tensors.total(), momentum));
    }

    /**
     * Exact averaging with Adam's step.
     *
     * @return Adam over the library.
     */
    public static Method adam() {
        return new Method(
                "Adam, mean",
                "adam beta1=" + AveragedAdam.BETA1 + " beta2=" + AveragedAdam.BETA2 + " epsilon="
                        + AveragedAdam.EPSILON,
                (communicator, tensors, seed) -> new AveragedAdam(communicator, tensors.total()));
    }

    /**
     * Averaging of rounded gradients.
     *
     * @param levels   magnitudes beside zero.
     * @param norm     of each tensor.
     * @param momentum 0 to below 1.
     * @return QSGD over the library.
     */
    public static Method qsgd(final int levels, final Norm norm, final float momentum) {
        final String name = norm.name().toLowerCase(Locale.ROOT);
        return new Method(
                "QSGD " + name + " " + levels,
                "qsgd levels=" + levels + " norm=" + name + " of each tensor, momentum=" + momentum,
                (communicator, tensors, seed) -> new QuantizedSgd(
                        communicator, tensors, levels, norm, momentum, seed + (communicator.rank() + 1) * PER_RANK));
    }

    /**
     * Averaging of the gradients that look honest.
     *
     * @param liars    f.
     * @param chosen   m.
     * @param momentum 0 to below 1.
     * @return Multi-Krum over the library.
     */
    public static Method krum(final int liars, final int chosen, final float momentum) {
        return new Method(
                "Multi-Krum m=" + chosen,
                "krum f=" + liars + " m=" + chosen + " momentum=" + momentum,
                (communicator, tensors, seed) -> new KrumSgd(communicator, tensors.total(), liars, chosen, momentum));
    }
}
