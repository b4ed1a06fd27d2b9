package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.Transport;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Every member sends numbered frames of changing length to every other, and checks what it receives, on one thread. */
final class Conversation {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int FRAME_LIMIT = 8;
    private static final int HEADER = 16;

    private final List<Transport> transports;
    private final long[][] sent;
    private final long[][] received;
    private final Claim[] claims;
    private final FrameHandler[] handlers;
    long backPressured;

    Conversation(final List<Transport> transports) {
        this.transports = transports;
        final int size = transports.size();
        sent = new long[size][size];
        received = new long[size][size];
        claims = new Claim[size];
        handlers = new FrameHandler[size];
        for (int i = 0; i < size; i++) {
            final int self = i;
            claims[i] = transports.get(i).newClaim();
            handlers[i] = (peer, buffer, offset, length) -> onFrame(self, peer, buffer, offset, length);
        }
    }

    /** Sends frames until each pair has exchanged this many more. */
    void round(final long frames) {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        final int size = transports.size();
        final long target = received[0][1] + frames;
        boolean isDone = false;
        while (!isDone) {
            isDone = true;
            for (int self = 0; self < size; self++) {
                for (int peer = 0; peer < size; peer++) {
                    if (peer != self) {
                        trySend(self, peer, target);
                    }
                }
            }
            for (int self = 0; self < size; self++) {
                transports.get(self).poll(handlers[self], FRAME_LIMIT);
                for (int peer = 0; peer < size; peer++) {
                    isDone &= peer == self || received[self][peer] == target;
                }
            }
            assertTrue(System.nanoTime() - deadlineNs < 0, "frames did not arrive in time");
        }
    }

    // As long as there is room, so that back-pressure is met.
    private void trySend(final int self, final int peer, final long target) {
        while (sent[self][peer] < target) {
            final long number = sent[self][peer];
            final int length = length(number, transports.get(self).maxFrameLength());
            final int status = transports.get(self).tryClaim(peer, length, claims[self]);
            if (status != Status.OK) {
                assertEquals(Status.BACK_PRESSURED, status);
                backPressured++;
                return;
            }
            final Claim claim = claims[self];
            assertEquals(0, claim.offset() % Long.BYTES);
            claim.buffer().putLong(claim.offset(), number);
            claim.buffer().putInt(claim.offset() + Long.BYTES, self);
            claim.buffer().putInt(claim.offset() + length - Integer.BYTES, (int) number);
            claim.commit();
            sent[self][peer] = number + 1;
        }
    }

    private boolean onFrame(
            final int self, final int peer, final DirectBuffer buffer, final int offset, final int length) {
        final long number = received[self][peer];
        if (length != length(number, transports.get(self).maxFrameLength())
                || buffer.getLong(offset) != number
                || buffer.getInt(offset + Long.BYTES) != peer
                || buffer.getInt(offset + length - Integer.BYTES) != (int) number
                || offset % Long.BYTES != 0) {
            throw new AssertionError("self=" + self + " peer=" + peer + " expected number=" + number + ", found "
                    + buffer.getLong(offset) + " of length=" + length);
        }
        received[self][peer] = number + 1;
        return true;
    }

    private static int length(final long number, final int maxFrameLength) {
        return HEADER + Integer.BYTES + (int) (number * 97 % (maxFrameLength - HEADER - Integer.BYTES + 1));
    }
}
