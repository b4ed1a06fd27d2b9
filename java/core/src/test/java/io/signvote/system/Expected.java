package io.signvote.system;

import io.signvote.bits.Lot;
import java.util.Random;

/** What calls must give, one coordinate at a time, with the default policies and seed: zeros and ties draw lots. */
final class Expected {
    private static final long SEED = 0;

    private Expected() {}

    /** A rank's contribution: a function of its arguments alone, with zeros of both signs and values that are not finite. */
    static float[] gradients(final int rank, final long step, final int count) {
        final Random draw = new Random((step * 1_000_003 + rank) * 31 + count);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            final int kind = draw.nextInt(40);
            final float value = (draw.nextFloat() - 0.5f) * (1 << draw.nextInt(20));
            values[i] = kind == 0 ? 0f : kind == 1 ? -0f : kind == 2 ? Float.NaN : value;
        }
        return values;
    }

    /** A rank's contribution to a sum: all finite, so that equal means equal bits. */
    static float[] addends(final int rank, final long step, final int count) {
        final float[] values = gradients(rank, step, count);
        for (int i = 0; i < count; i++) {
            values[i] = Float.isNaN(values[i]) ? 1 : values[i];
        }
        return values;
    }

    static long[] ballot(final int rank, final long step, final int count) {
        final Random draw = new Random(step * 257 + rank);
        final long[] words = new long[(count + 63) / 64];
        for (int i = 0; i < words.length; i++) {
            words[i] = draw.nextLong();
        }
        return words;
    }

    static float[] majority(final long communicator, final int ranks, final long step, final int count) {
        final int[] balance = new int[count];
        for (int rank = 0; rank < ranks; rank++) {
            final float[] values = gradients(rank, step, count);
            for (int i = 0; i < count; i++) {
                final boolean isZero = values[i] == 0 || Float.isNaN(values[i]);
                balance[i] += isZero ? (isLotNegative(communicator, step, rank, i) ? -1 : 1) : values[i] < 0 ? -1 : 1;
            }
        }
        final float[] signs = new float[count];
        for (int i = 0; i < count; i++) {
            signs[i] = isNegative(communicator, balance[i], step, i) ? -1 : 1;
        }
        return signs;
    }

    static long[] verdict(final long communicator, final int ranks, final long step, final int count) {
        final int[] balance = new int[count];
        for (int rank = 0; rank < ranks; rank++) {
            final long[] words = ballot(rank, step, count);
            for (int i = 0; i < count; i++) {
                balance[i] += (words[i >> 6] >> (i & 63) & 1) == 1 ? -1 : 1;
            }
        }
        final long[] words = new long[(count + 63) / 64];
        for (int i = 0; i < count; i++) {
            words[i >> 6] |= isNegative(communicator, balance[i], step, i) ? 1L << (i & 63) : 0;
        }
        return words;
    }

    static float[] sum(final int ranks, final long step, final int count) {
        final float[] sum = addends(0, step, count);
        for (int rank = 1; rank < ranks; rank++) {
            final float[] values = addends(rank, step, count);
            for (int i = 0; i < count; i++) {
                sum[i] += values[i];
            }
        }
        return sum;
    }

    private static boolean isNegative(
            final long communicator, final int balance, final long step, final int coordinate) {
        return balance < 0 || balance == 0 && isLotNegative(communicator, step, Lot.NOBODY, coordinate);
    }

    private static boolean isLotNegative(
            final long communicator, final long step, final long identity, final int coordinate) {
        final long key = Lot.key(SEED, communicator, step, identity);
        return (Lot.lots(key, coordinate >> 6) >> (coordinate & 63) & 1) == 1;
    }
}
