package io.signvote.kernel.jni;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * Kernels in C through JNI, in two tiers: AVX2 where the processor has it, plain C below. The tier is chosen when an
 * instance is made; one process may hold instances of both. Availability is a value, found once per process.
 */
public final class NativeKernels implements Kernels {
    /**
     * Property: shared library of the native kernels to load instead of the one in the jar. Then SignVote tries no
     * other library. A process reads the property once, at the first use.
     */
    public static final String PATH_PROP_NAME = "signvote.native.path";

    private static final String[] TIERS = {"scalar", "avx2"};

    private final int tier;

    private NativeKernels(final int tier) {
        this.tier = tier;
    }

    /**
     * Whether the shared library is loaded, or can be.
     *
     * @return true when {@link #create} gives kernels.
     */
    public static boolean isAvailable() {
        return Loaded.CAUSE == null;
    }

    /**
     * Why the shared library is not available.
     *
     * @return what went wrong first, or null where it is available.
     */
    public static Throwable unavailabilityCause() {
        return Loaded.CAUSE;
    }

    /**
     * Insists on the shared library.
     *
     * @throws BackendUnavailableException with the first cause and the remedy.
     */
    public static void ensureAvailable() {
        if (Loaded.CAUSE != null) {
            throw new BackendUnavailableException(
                    "native kernels are unavailable: " + Loaded.CAUSE.getMessage() + "; set " + PATH_PROP_NAME
                            + " to a libsignvote.so of this version, or signvote.kernel=scalar",
                    Loaded.CAUSE);
        }
    }

    /**
     * What the packed library was built with and from, and what was left out and why.
     *
     * @return one line for people; says so where there is no packed library.
     */
    public static String build() {
        return NativeLibrary.build();
    }

    /**
     * Kernels of the best tier of this processor.
     *
     * @param isaMax {@code scalar} or {@code avx2}: no tier above it is taken.
     * @return kernels.
     * @throws BackendUnavailableException where the shared library is not available.
     * @throws ConfigurationException where there is no tier of that name.
     */
    public static NativeKernels create(final String isaMax) {
        int tierMax = TIERS.length - 1;
        while (tierMax >= 0 && !TIERS[tierMax].equals(isaMax)) {
            tierMax--;
        }
        if (tierMax < 0) {
            throw new ConfigurationException("isa.max=" + isaMax + ", expected one of " + String.join(", ", TIERS));
        }
        ensureAvailable();
        return new NativeKernels(Math.min(tierMax, NativeMethods.bestTier()));
    }

    @Override
    public String name() {
        return "native";
    }

    /**
     * The tier of these kernels.
     *
     * @return {@code scalar} (plain C) or {@code avx2}.
     */
    public String tier() {
        return TIERS[tier];
    }

    @Override
    public long packSigns(
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        return NativeMethods.packSigns(tier, values, words, n, zeroPolicy.code(), zeroKey, firstWord);
    }

    @Override
    public long momentumPackSigns(
            final long gradients,
            final long momentum,
            final long words,
            final int n,
            final float beta,
            final float oneMinusBeta,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        return NativeMethods.momentumPackSigns(
                tier, gradients, momentum, words, n, beta, oneMinusBeta, zeroPolicy.code(), zeroKey, firstWord);
    }

    @Override
    public void unpackSigns(final long words, final long values, final int n) {
        NativeMethods.unpackSigns(tier, words, values, n);
    }

    @Override
    public void accumulate(
            final long words, final long planes, final int planeStride, final int wordCount, final int ballots) {
        NativeMethods.accumulate(tier, words, planes, planeStride, wordCount, ballots);
    }

    @Override
    public int majority(
            final long planes,
            final int planeStride,
            final long words,
            final int n,
            final int ballots,
            final TiePolicy tiePolicy,
            final long tieKey,
            final long firstWord) {
        return NativeMethods.majority(
                tier, planes, planeStride, words, n, ballots, tiePolicy.code(), tieKey, firstWord);
    }

    @Override
    public void applySigns(final long words, final long parameters, final int n, final float eta, final float lambda) {
        NativeMethods.applySigns(tier, words, parameters, n, eta, lambda);
    }

    @Override
    public void add(final long source, final long target, final int n) {
        NativeMethods.add(tier, source, target, n);
    }

    @Override
    public String toString() {
        return name() + "/" + tier();
    }

    /** Initialised when first asked for, once per process: a library cannot be loaded twice. */
    private static final class Loaded {
        static final Throwable CAUSE = NativeLibrary.load(System.getProperty(PATH_PROP_NAME));
    }
}
