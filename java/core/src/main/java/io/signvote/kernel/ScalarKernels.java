package io.signvote.kernel;

import io.signvote.bits.Halves;
import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import org.agrona.UnsafeApi;

/**
 * The specification of {@link Kernels} in plain Java. It runs everywhere. Tests compare every other backend with it,
 * bit by bit. It works on one word of 64 lanes at a time.
 */
public final class ScalarKernels implements Kernels {
    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int INFINITY = 0x7F80_0000;
    private static final int SMALLEST_NORMAL = 0x0080_0000;
    private static final int ONE = 0x3F80_0000;

    /** Makes kernels without state. */
    public ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public long packSigns(
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        return pack(DataType.FLOAT32, values, words, n, zeroPolicy, zeroKey, firstWord);
    }

    /** Packs the signs of floats of any type. */
    static long pack(
            final DataType type,
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        long zeroCount = 0;
        long notFiniteCount = 0;
        for (int w = 0; w < Words.count(n); w++) {
            final int lanes = lanesOf(w, n);
            long signs = 0;
            long zeros = 0;
            long notFinite = 0;
            for (int lane = 0; lane < lanes; lane++) {
                final int bits = bitsOf(type, values, ((long) w << 6) + lane);
                signs |= signOf(bits) << lane;
                zeros |= isZero(bits) << lane;
                notFinite |= isNotFinite(bits) << lane;
            }
            storeBallot(words, w, signs, zeros | notFinite, zeroPolicy, zeroKey, firstWord);
            zeroCount += Long.bitCount(zeros);
            notFiniteCount += Long.bitCount(notFinite);
        }
        return Counts.of(zeroCount, notFiniteCount);
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
        long zeroCount = 0;
        long notFiniteCount = 0;
        for (int w = 0; w < Words.count(n); w++) {
            final int lanes = lanesOf(w, n);
            long signs = 0;
            long zeros = 0;
            long notFinite = 0;
            for (int lane = 0; lane < lanes; lane++) {
                final float g = UnsafeApi.getFloat(addressOf(gradients, w, lane));
                if (!Float.isFinite(g)) {
                    notFinite |= 1L << lane;
                    continue;
                }
                final long address = addressOf(momentum, w, lane);
                final float v = beta * UnsafeApi.getFloat(address) + oneMinusBeta * g;
                final int bits = flushed(Float.floatToRawIntBits(v));
                UnsafeApi.putInt(address, bits);
                signs |= signOf(bits) << lane;
                zeros |= isZero(bits) << lane;
                notFinite |= isNotFinite(bits) << lane;
            }
            storeBallot(words, w, signs, zeros | notFinite, zeroPolicy, zeroKey, firstWord);
            zeroCount += Long.bitCount(zeros);
            notFiniteCount += Long.bitCount(notFinite);
        }
        return Counts.of(zeroCount, notFiniteCount);
    }

    @Override
    public void unpackSigns(final long words, final long values, final int n) {
        unpack(DataType.FLOAT32, words, values, n);
    }

    /** Expands signs to floats of any type. */
    static void unpack(final DataType type, final long words, final long values, final int n) {
        for (int w = 0; w < Words.count(n); w++) {
            final int lanes = lanesOf(w, n);
            final long signs = UnsafeApi.getLong(addressOf(words, w));
            for (int lane = 0; lane < lanes; lane++) {
                putSignedOne(type, values, ((long) w << 6) + lane, signedOne(signs, lane));
            }
        }
    }

    @Override
    public void accumulate(
            final long words, final long planes, final int planeStride, final int wordCount, final int ballots) {
        final int planeCount = planesOf(ballots);
        final boolean opensPlane = planesOf(ballots + 1) > planeCount;
        for (int w = 0; w < wordCount; w++) {
            long carry = UnsafeApi.getLong(addressOf(words, w));
            for (int p = 0; p < planeCount; p++) {
                final long address = addressOf(planes, (long) p * planeStride + w);
                final long plane = UnsafeApi.getLong(address);
                UnsafeApi.putLong(address, plane ^ carry);
                carry &= plane;
            }
            if (opensPlane) {
                UnsafeApi.putLong(addressOf(planes, (long) planeCount * planeStride + w), carry);
            }
        }
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
        final int half = ballots >> 1;
        final int planeCount = planesOf(ballots);
        int tieCount = 0;
        for (int w = 0; w < Words.count(n); w++) {
            // compares the count of every lane with half of the ballots, from the most significant plane down
            long above = 0;
            long equal = -1;
            for (int p = planeCount - 1; p >= 0; p--) {
                final long plane = UnsafeApi.getLong(addressOf(planes, (long) p * planeStride + w));
                if ((half >> p & 1) == 0) {
                    above |= equal & plane;
                    equal &= ~plane;
                } else {
                    equal &= plane;
                }
            }
            final long mask = maskOf(w, n);
            final long ties = (ballots & 1) == 0 ? equal & mask : 0;
            final long drawn = ties == 0 ? 0 : ties & tieLots(tiePolicy, tieKey, firstWord + w);
            UnsafeApi.putLong(addressOf(words, w), above & mask | drawn);
            tieCount += Long.bitCount(ties);
        }
        return tieCount;
    }

    @Override
    public void applySigns(final long words, final long parameters, final int n, final float eta, final float lambda) {
        for (int w = 0; w < Words.count(n); w++) {
            final int lanes = lanesOf(w, n);
            final long signs = UnsafeApi.getLong(addressOf(words, w));
            for (int lane = 0; lane < lanes; lane++) {
                final long address = addressOf(parameters, w, lane);
                final float s = Float.intBitsToFloat(signedOne(signs, lane));
                final float x = UnsafeApi.getFloat(address);
                UnsafeApi.putFloat(address, x - eta * (s + lambda * x));
            }
        }
    }

    @Override
    public void add(final long source, final long target, final int n) {
        for (long offset = 0; offset < (long) n << 2; offset += Float.BYTES) {
            final float sum = UnsafeApi.getFloat(target + offset) + UnsafeApi.getFloat(source + offset);
            UnsafeApi.putFloat(target + offset, sum);
        }
    }

    private static void storeBallot(
            final long words,
            final int word,
            final long signs,
            final long zeros,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        assert zeroPolicy != ZeroPolicy.ABSTAIN : "refused above";
        final long drawn =
                zeros == 0 || zeroPolicy == ZeroPolicy.POSITIVE ? 0 : zeros & Lot.lots(zeroKey, firstWord + word);
        UnsafeApi.putLong(addressOf(words, word), signs & ~zeros | drawn);
    }

    private static long tieLots(final TiePolicy tiePolicy, final long tieKey, final long word) {
        assert tiePolicy != TiePolicy.ZERO : "refused above";
        return switch (tiePolicy) {
            case RANDOM -> Lot.lots(tieKey, word);
            case NEGATIVE -> -1;
            default -> 0;
        };
    }

    /** Planes that count up to a number of ballots. */
    private static int planesOf(final int ballots) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(ballots);
    }

    private static int lanesOf(final int word, final int n) {
        return Math.min(Words.LANES, n - (word << 6));
    }

    private static long maskOf(final int word, final int n) {
        return word == Words.count(n) - 1 ? Words.tailMask(n) : -1L;
    }

    private static long addressOf(final long words, final long word) {
        return words + (word << 3);
    }

    private static long addressOf(final long floats, final int word, final int lane) {
        return floats + ((((long) word << 6) + lane) << 2);
    }

    /** Bits of a binary32 that has the sign of a value, and is a zero or not finite where the value is. */
    private static int bitsOf(final DataType type, final long values, final long i) {
        return switch (type) {
            case FLOAT16 -> Float.floatToRawIntBits(Halves.ofFloat16(UnsafeApi.getShort(values + (i << 1))));
            case BFLOAT16 -> UnsafeApi.getShort(values + (i << 1)) << 16;
            case FLOAT64 -> {
                final double value = UnsafeApi.getDouble(values + (i << 3));
                final int sign = (int) (Double.doubleToRawLongBits(value) >>> 32) & ~MAGNITUDE;
                yield sign | (value == 0 ? 0 : Double.isFinite(value) ? ONE : INFINITY);
            }
            default -> UnsafeApi.getInt(values + (i << 2));
        };
    }

    private static void putSignedOne(final DataType type, final long values, final long i, final int bits) {
        switch (type) {
            case FLOAT16 -> UnsafeApi.putShort(values + (i << 1), Halves.toFloat16(Float.intBitsToFloat(bits)));
            case BFLOAT16 -> UnsafeApi.putShort(values + (i << 1), (short) (bits >>> 16));
            case FLOAT64 -> UnsafeApi.putDouble(values + (i << 3), Float.intBitsToFloat(bits));
            default -> UnsafeApi.putInt(values + (i << 2), bits);
        }
    }

    /** Bits of +0 for a magnitude below the smallest normal float. */
    private static int flushed(final int bits) {
        return (bits & MAGNITUDE) < SMALLEST_NORMAL ? 0 : bits;
    }

    private static long signOf(final int bits) {
        return bits >>> 31;
    }

    private static long isZero(final int bits) {
        return (bits & MAGNITUDE) == 0 ? 1 : 0;
    }

    private static long isNotFinite(final int bits) {
        return (bits & INFINITY) == INFINITY ? 1 : 0;
    }

    /** Bits of -1 for a lane of 1, else of +1. */
    private static int signedOne(final long signs, final int lane) {
        return ONE | (int) (signs >>> lane) << 31;
    }
}
