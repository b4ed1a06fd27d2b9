package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.wire.Call;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** Feeds a tally of all chunks as the engine does: each voter in order, none further ahead of the closed ones than the window. */
final class TallyHarness implements AutoCloseable {
    static final long SEED = 7;
    static final long COMMUNICATOR = 3;

    private final Chunking chunking = new Chunking();
    private final Tally tally;
    private OffHeap result = new OffHeap(0);

    TallyHarness(final Tally tally) {
        this.tally = tally;
    }

    Tally tally() {
        return tally;
    }

    /** One round in a random order, checked against the oracle. Rank 0 votes in place, as our own rank does. */
    void run(final Call call, final int ranks, final int payloadLength, final int window, final long seed) {
        chunking.set(call.payloadType(), call.count(), ranks, payloadLength);
        result.close();
        result = new OffHeap(chunking.resultLength());
        UnsafeApi.setMemory(result.address(), result.length(), (byte) 0xA5);
        tally.begin(call, chunking, ranks, window, result.address());

        final SplittableRandom random = new SplittableRandom(seed);
        final int[] cursors = new int[ranks];
        int closed = 0;
        try (OffHeap ballots = new OffHeap(chunking.resultLength() * ranks)) {
            for (int rank = 0; rank < ranks; rank++) {
                final byte[] ballot = Oracle.ballot(seed, rank, 0, call, ranks);
                new UnsafeBuffer(ballots.address() + rank * chunking.resultLength(), ballot.length).putBytes(0, ballot);
            }
            for (long turns = 0; closed < chunking.chunkCount(); turns++) {
                assertTrue(turns < 10_000_000, "no progress");
                final int rank = random.nextInt(ranks);
                final int index = cursors[rank];
                if (index < chunking.chunkCount() && index < closed + window && tally.isTurn(index, rank)) {
                    cursors[rank]++;
                    closed += add(index, ballots.address() + rank * chunking.resultLength(), rank) ? 1 : 0;
                    assertFalse(closed > least(cursors), "closed without all ballots");
                }
            }
        }
        final byte[] actual = new byte[(int) chunking.resultLength()];
        new UnsafeBuffer(result.address(), actual.length).getBytes(0, actual);
        assertArrayEquals(
                Oracle.result(call, 0, ranks, SEED, COMMUNICATOR, rank -> Oracle.ballot(seed, rank, 0, call, ranks)),
                actual,
                () -> call + " ranks=" + ranks + " payload=" + payloadLength + " window=" + window + " seed=" + seed);
    }

    @Override
    public void close() {
        tally.close();
        result.close();
    }

    private boolean add(final int chunk, final long ballot, final int rank) {
        final long source = ballot + chunking.offset(chunk);
        if (rank > 0) {
            return tally.add(chunk, rank, chunk, source);
        }
        final long place = tally.place(chunk, chunk);
        UnsafeApi.copyMemory(source, place, chunking.payloadLength(chunk));
        return tally.add(chunk, rank, chunk, place);
    }

    private static int least(final int[] cursors) {
        int least = Integer.MAX_VALUE;
        for (final int cursor : cursors) {
            least = Math.min(least, cursor);
        }
        return least;
    }
}
