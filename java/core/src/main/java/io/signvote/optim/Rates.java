package io.signvote.optim;

import io.signvote.error.ConfigurationException;
import java.util.Objects;

/** The numbers of the algorithm, all float32, with the paper's defaults. */
final class Rates {
    private float eta = 1e-4f;
    private float beta = 0.9f;
    private float lambda;

    /** Makes the rates of another rank, without a check. */
    static Rates of(final float eta, final float beta, final float lambda) {
        final Rates rates = new Rates();
        rates.eta = eta;
        rates.beta = beta;
        rates.lambda = lambda;
        return rates;
    }

    Rates copy() {
        return of(eta, beta, lambda);
    }

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

    /** 1 - beta, rounded once, here, for all backends. */
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

    /** Copies other rates. */
    void set(final Rates other) {
        eta = other.eta;
        beta = other.beta;
        lambda = other.lambda;
    }

    /** Turns -0 into 0, so that equal rates have equal bits. */
    private static float withoutSign(final float value) {
        return value + 0f;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Rates that
                && Float.compare(eta, that.eta) == 0
                && Float.compare(beta, that.beta) == 0
                && Float.compare(lambda, that.lambda) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(eta, beta, lambda);
    }

    @Override
    public String toString() {
        return "learning rate=" + eta + " momentum=" + beta + " weight decay=" + lambda;
    }

    private static void check(final boolean isRight, final String name, final float value, final String expected) {
        if (!isRight) {
            throw new ConfigurationException(name + "=" + value + ", expected " + expected);
        }
    }
}
