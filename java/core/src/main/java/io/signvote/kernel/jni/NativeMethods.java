package io.signvote.kernel.jni;

/**
 * The native methods, as {@code native/cpu/jni.c} implements them. They take addresses and return counts. If you change
 * one, change {@link #ABI} and SIGNVOTE_ABI too. {@code tier} is at most {@link #bestTier()}. Types, reductions and policies
 * are passed as their codes.
 */
final class NativeMethods {
    /** Version of the methods below. The library must have the same version. */
    static final int ABI = 3;

    private NativeMethods() {}

    static native int abi();

    /** The identity that {@code ci/build-identity} wrote when the library was built: lines of name=value. */
    static native String identity();

    static native int bestTier();

    static native long packSigns(
            int tier, int type, long values, long words, int n, int zeroPolicy, long zeroKey, long firstWord);

    static native long momentumPackSigns(
            int tier,
            long gradients,
            long momentum,
            long words,
            int n,
            float beta,
            float oneMinusBeta,
            int zeroPolicy,
            long zeroKey,
            long firstWord);

    static native void unpackSigns(int tier, int type, long words, long values, int n);

    static native void accumulate(int tier, long words, long planes, int planeStride, int wordCount, int ballots);

    static native int majority(
            int tier,
            long planes,
            int planeStride,
            long words,
            int n,
            int ballots,
            int tiePolicy,
            long tieKey,
            long firstWord);

    static native void applySigns(int tier, long words, long parameters, int n, float eta, float lambda);

    static native void add(int tier, long source, long target, int n);

    static native void fold(int tier, int op, int type, long source, long target, int n);

    static native void widen(int tier, int type, long source, long target, int n);

    static native void finish(int tier, int op, int type, long source, long target, int n, int ranks);
}
