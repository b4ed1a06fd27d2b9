package io.signvote.transport.aeron;

import io.aeron.logbuffer.BufferClaim;
import io.signvote.transport.Claim;
import org.agrona.MutableDirectBuffer;

/** A claim in an Aeron log. */
final class AeronClaim implements Claim {
    final BufferClaim range = new BufferClaim();

    @Override
    public MutableDirectBuffer buffer() {
        return range.buffer();
    }

    @Override
    public int offset() {
        return range.offset();
    }

    @Override
    public void commit() {
        range.commit();
    }

    @Override
    public void abort() {
        range.abort();
    }
}
