package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.transport.Claim;
import io.signvote.transport.sim.ForwardingTransport;
import io.signvote.transport.sim.SimTransport;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Sends the forgery of each frame before the frame itself. */
final class ForgingTransport extends ForwardingTransport {
    private final int maxFrameLength;
    private final Consumer<MutableDirectBuffer> change;
    private final IntUnaryOperator length;
    private final int repetitions;
    private final Claim claim;
    private final UnsafeBuffer copy;
    private long forged;

    ForgingTransport(
            final SimTransport honest,
            final int maxFrameLength,
            final Consumer<MutableDirectBuffer> change,
            final IntUnaryOperator length,
            final int repetitions) {
        super(honest);
        this.maxFrameLength = maxFrameLength;
        this.change = change;
        this.length = length;
        copy = new UnsafeBuffer(new byte[maxFrameLength + Long.BYTES]);
        this.repetitions = repetitions;
        claim = honest.newClaim();
    }

    /** Forgeries sent so far. */
    long forged() {
        return forged;
    }

    private void forge(final int peer, final MutableDirectBuffer frame, final int frameLength) {
        for (int i = 0; i < repetitions; i++) {
            copy.setMemory(0, copy.capacity(), (byte) 0);
            copy.putBytes(0, frame, 0, frameLength);
            change.accept(copy);
            final int forgedLength = length.applyAsInt(frameLength);
            assertEquals(0, honest.tryClaim(peer, forgedLength, claim));
            claim.buffer().putBytes(0, copy, 0, forgedLength);
            claim.commit();
            forged++;
        }
    }

    @Override
    public int tryClaim(final int peer, final int length, final Claim target) {
        final Recorded recorded = (Recorded) target;
        recorded.peer = peer;
        recorded.length = length;
        return honest.tryClaim(peer, length, recorded.claim);
    }

    @Override
    public Claim newClaim() {
        return new Recorded(honest.newClaim());
    }

    @Override
    public int maxFrameLength() {
        return maxFrameLength;
    }

    @Override
    public void close() {}

    private final class Recorded implements Claim {
        private final Claim claim;
        private int peer;
        private int length;

        Recorded(final Claim claim) {
            this.claim = claim;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return claim.buffer();
        }

        @Override
        public int offset() {
            return claim.offset();
        }

        @Override
        public void commit() {
            forge(peer, claim.buffer(), length);
            claim.commit();
        }

        @Override
        public void abort() {
            claim.abort();
        }
    }
}
