package io.signvote;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.op.DataType;

/** Packed words or numbers in memory of the caller. It is a source of ballots, or a sink of the result. */
final class PlainMemory implements BallotSource, VerdictSink {
    private DataType type;
    private long address;
    private Elements elements;

    PlainMemory of(final Elements elements) {
        type = elements.type();
        address = 0;
        this.elements = elements;
        return this;
    }

    PlainMemory of(final DataType type, final long address) {
        this.type = type;
        this.address = address;
        elements = null;
        return this;
    }

    /** Forgets the elements, so that their memory may be collected. */
    void release() {
        elements = null;
    }

    @Override
    public void fill(final long coordinate, final int count, final long words) {
        refill(coordinate, count, words);
    }

    @Override
    public void refill(final long coordinate, final int count, final long words) {
        if (elements == null) {
            Copies.copy(address + type.sizeOf(coordinate), words, type.sizeOf(count));
        } else {
            elements.read(coordinate, count, words);
        }
        if (type == DataType.SIGN) {
            Words.clearTail(words, count);
        }
    }

    @Override
    public void commit(final long words, final long count) {
        if (elements == null) {
            Copies.copy(words, address, type.sizeOf(count));
        } else {
            elements.write(words, 0, elements.count());
        }
    }
}
