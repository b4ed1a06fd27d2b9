package io.signvote.optim;

import io.signvote.bits.Copies;
import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.op.ZeroPolicy;
import org.agrona.UnsafeApi;

/**
 * Marks the coordinates of the current step whose gradient is not finite. They vote as zeros, although their momentum
 * has a sign. A ballot that is written again must repeat those votes. Takes n/8 bytes from the first such gradient on.
 */
final class NotFinite implements AutoCloseable {
    private final long count;
    private OffHeap marks;
    private boolean isMarked;

    NotFinite(final long count) {
        this.count = count;
    }

    /** Clears the marks of the previous step. */
    void clear() {
        if (isMarked) {
            Copies.fill(marks.address(), marks.length(), (byte) 0);
            isMarked = false;
        }
    }

    /** Marks the gradients of one piece that are not finite. {@code gradients} is the address of the first one. */
    void mark(final long gradients, final long coordinate, final int n) {
        if (marks == null) {
            marks = new OffHeap(Words.length(count));
        }
        isMarked = true;
        for (long i = coordinate; i < coordinate + n; i++) {
            if (!Float.isFinite(UnsafeApi.getFloat(gradients + (i - coordinate << 2)))) {
                final long word = at(i / Words.LANES);
                UnsafeApi.putLong(word, UnsafeApi.getLong(word) | 1L << i);
            }
        }
    }

    /** Replaces the votes of marked coordinates in the ballot of one piece by the votes of zeros. */
    void overrule(
            final long words, final long coordinate, final int n, final ZeroPolicy zeroPolicy, final long zeroKey) {
        if (!isMarked) {
            return;
        }
        final long first = coordinate / Words.LANES;
        final long wordCount = Words.count(n);
        for (long w = 0; w < wordCount; w++) {
            final long mark = UnsafeApi.getLong(at(first + w));
            final long lots = zeroPolicy == ZeroPolicy.RANDOM ? Lot.lots(zeroKey, first + w) : 0;
            final long ballot = words + (w << 3);
            UnsafeApi.putLong(ballot, UnsafeApi.getLong(ballot) & ~mark | lots & mark);
        }
    }

    @Override
    public void close() {
        if (marks != null) {
            marks.close();
        }
    }

    private long at(final long word) {
        return marks.address() + (word << 3);
    }
}
