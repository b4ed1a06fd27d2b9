package io.signvote.kernel.jni;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * Kernels in C through JNI, in two tiers: AVX2 if the processor has it and F16C, else plain C. {@link #create} chooses the tier,
 * and one process may use both. Availability is a value, determined once per process.
 */
public final class NativeKernels implements Kernels {
    /**
     * Property: shared library of the native kernels to load instead of the one in the jar. Then SignVote tries no
     * other library. The variable SIGNVOTE_NATIVE_PATH does the same. A process reads them once, at the first use.
     */
    public static final String PATH_PROP_NAME = "signvote.native.path";

    private static final String[] TIERS = {"scalar", "avx2"};

    private final int tier;

    private NativeKernels(final int tier) {
        this.tier = tier;
    }

    /**
     * Whether the shared library is loaded. The first call in a process loads it.
     *
     * @return true if {@link #create} can make kernels.
     */
    public static boolean isAvailable() {
        return Loaded.CAUSE == null;
    }

    /**
     * The reason why the shared library is not available.
     *
     * @return the first error, or null if the library is available.
     */
    public static Throwable unavailabilityCause() {
        return Loaded.CAUSE;
    }

    /**
     * Requires the shared library.
     *
     * @throws BackendUnavailableException if it is not available, with the first cause and the remedy.
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
     * Describes the build of the packed library: compiler, flags, tiers, CUDA, commit and sources.
     *
     * @return one line for people, also if there is no packed library.
     */
    public static String build() {
        return NativeLibrary.build();
    }

    /**
     * Makes kernels of the best tier of this processor.
     *
     * @param isaMax {@code scalar} or {@code avx2}: the highest tier to use.
     * @return kernels.
     * @throws BackendUnavailableException if the shared library is not available.
     * @throws ConfigurationException if there is no tier of that name.
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
        return packSigns(DataType.FLOAT32, values, words, n, zeroPolicy, zeroKey, firstWord);
    }

    @Override
    public long packSigns(
            final DataType type,
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        return NativeMethods.packSigns(tier, type.code(), values, words, n, zeroPolicy.code(), zeroKey, firstWord);
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
        unpackSigns(DataType.FLOAT32, words, values, n);
    }

    @Override
    public void unpackSigns(final DataType type, final long words, final long values, final int n) {
        NativeMethods.unpackSigns(tier, type.code(), words, values, n);
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
    public void fold(final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        assert op != ReduceOp.MAJORITY && op.takes(type) && type != DataType.SIGN : op + " of " + type;
        NativeMethods.fold(tier, op.code(), type.code(), source, target, n);
    }

    @Override
    public void widen(final DataType type, final long source, final long target, final int n) {
        assert type.isHalf() : type;
        NativeMethods.widen(tier, type.code(), source, target, n);
    }

    @Override
    public void finish(
            final ReduceOp op,
            final DataType type,
            final long source,
            final long target,
            final int n,
            final int ranks) {
        NativeMethods.finish(tier, op.code(), type.code(), source, target, n, ranks);
    }

    @Override
    public String toString() {
        return name() + "/" + tier();
    }

    /** The library is loaded at the first use of this class, once per process: it cannot be loaded twice. */
    private static final class Loaded {
        static final Throwable CAUSE = NativeLibrary.load(path());

        /** An empty variable counts as not set. */
        private static String path() {
            final String variable = System.getenv("SIGNVOTE_NATIVE_PATH");
            final String path = System.getProperty(PATH_PROP_NAME, variable == null ? "" : variable)
                    .trim();
            return path.isEmpty() ? null : path;
        }
    }
}
