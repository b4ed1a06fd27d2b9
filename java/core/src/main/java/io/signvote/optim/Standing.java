package io.signvote.optim;

import io.signvote.optim.Progress.Phase;
import org.agrona.UnsafeApi;

/**
 * The standing of one rank in a retry, 96 bytes.
 *
 * @param count parameters.
 * @param layout of its tensors.
 * @param completed steps whose verdict its parameters have.
 * @param phase code of the {@link Phase} of the step that was begun last.
 * @param verdictStep step whose verdict it keeps.
 * @param rates of the step that was begun last.
 * @param lastRates of the step that was completed last.
 * @param ofLast agreement under which the last step was completed.
 * @param ofEarlier agreement under which the step before was completed.
 * @param random part of the next agreement.
 */
record Standing(
        long count,
        long layout,
        long completed,
        int phase,
        long verdictStep,
        Rates rates,
        Rates lastRates,
        long ofLast,
        long ofEarlier,
        long random) {
    static final int LENGTH = 12 * Long.BYTES;

    static Standing of(final long count, final long layout, final Progress progress, final long random) {
        return new Standing(
                count,
                layout,
                progress.completed(),
                progress.phase().code(),
                progress.verdictStep(),
                progress.rates().copy(),
                progress.lastRates().copy(),
                progress.ofLast(),
                progress.ofEarlier(),
                random);
    }

    static Standing read(final long address) {
        return new Standing(
                UnsafeApi.getLong(address),
                UnsafeApi.getLong(address + 8),
                UnsafeApi.getLong(address + 16),
                UnsafeApi.getInt(address + 24),
                UnsafeApi.getLong(address + 32),
                rates(address + 40),
                rates(address + 52),
                UnsafeApi.getLong(address + 64),
                UnsafeApi.getLong(address + 72),
                UnsafeApi.getLong(address + 80));
    }

    /** Little-endian, as the platform is. The last 8 bytes are 0. */
    void write(final long address) {
        UnsafeApi.putLong(address, count);
        UnsafeApi.putLong(address + 8, layout);
        UnsafeApi.putLong(address + 16, completed);
        UnsafeApi.putLong(address + 24, phase);
        UnsafeApi.putLong(address + 32, verdictStep);
        write(rates, address + 40);
        write(lastRates, address + 52);
        UnsafeApi.putLong(address + 64, ofLast);
        UnsafeApi.putLong(address + 72, ofEarlier);
        UnsafeApi.putLong(address + 80, random);
        UnsafeApi.putLong(address + 88, 0);
    }

    boolean isPending() {
        return phase == Phase.PENDING.code();
    }

    /** Whether the step that was begun last can neither be voted on again nor be skipped. */
    boolean isLost() {
        return phase != Phase.PENDING.code() && phase != Phase.COMPLETE.code();
    }

    String steps() {
        return "completed step=" + completed
                + (isLost()
                        ? " and lost step=" + (completed + 1)
                        : isPending() ? " and have step=" + (completed + 1) + " pending" : "");
    }

    private static Rates rates(final long address) {
        return Rates.of(UnsafeApi.getFloat(address), UnsafeApi.getFloat(address + 4), UnsafeApi.getFloat(address + 8));
    }

    private static void write(final Rates rates, final long address) {
        UnsafeApi.putFloat(address, rates.eta());
        UnsafeApi.putFloat(address + 4, rates.beta());
        UnsafeApi.putFloat(address + 8, rates.lambda());
    }
}
