package io.signvote.optim;

import io.signvote.error.ConfigurationException;

/** The numbers of the algorithm, all float32, with the paper's defaults. */
final class Rates {
    private float eta = 1e-4f;
    private float beta = 0.9f;
    private float lambda;

    float eta() {
        return eta;
    }

    void eta(final float value) {
        check(value >= 0 && Float.isFinite(value), "eta", value, "at least 0");
        eta = withoutSign(value);
    }

    float beta() {
        return beta;
    }

    /** Rounded once, here, for all backends. */
    float oneMinusBeta() {
        return 1 - beta;
    }

    void beta(final float value) {
        check(value >= 0 && value < 1, "beta", value, "0 to below 1");
        beta = withoutSign(value);
    }

    float lambda() {
        return lambda;
    }

    void lambda(final float value) {
        check(value >= 0 && Float.isFinite(value), "lambda", value, "at least 0");
        lambda = withoutSign(value);
    }

    /** A zero of either sign is one rate, and gives one set of bits. */
    private static float withoutSign(final float value) {
        return value + 0f;
    }

    private static void check(final boolean isRight, final String name, final float value, final String expected) {
        if (!isRight) {
            throw new ConfigurationException(name + "=" + value + ", expected " + expected);
        }
    }
}
