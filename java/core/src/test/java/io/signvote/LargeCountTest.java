package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

/** Counts beyond 2^31. Packed signs have them in a quarter of a gigabyte. */
class LargeCountTest {
    private static final long BLOCK = (1L << 30) + 64;
    private static final long COUNT = 2 * BLOCK;
    private static final long MARK = 0x0123_4567_89AB_CDEFL;

    @Test
    void shouldReachTheLastSignOfAReduction() throws Exception {
        run((communicator, source, target) -> {
            mark(source, COUNT, -1);
            if (communicator.rank() == 0) {
                mark(source, COUNT, MARK);
            }
            communicator.allReduce(all(source), all(target), ReduceOp.BAND);
            assertLast(target, COUNT, MARK);
        });
    }

    @Test
    void shouldReachTheLastSignOfABlock() throws Exception {
        run((communicator, source, target) -> {
            final int rank = communicator.rank();
            mark(source, BLOCK, MARK + rank);
            communicator.allGather(block(source), all(target));
            assertLast(target, BLOCK, MARK);
            assertLast(target, COUNT, MARK + 1);

            communicator.allToAll(all(target), all(source));
            assertLast(source, BLOCK, MARK + rank);
            assertLast(source, COUNT, MARK + rank);

            communicator.reduceScatter(all(target), block(source), ReduceOp.BOR);
            assertLast(source, BLOCK, MARK + rank);
        });
    }

    private interface Program {
        void run(Communicator communicator, long source, long target);
    }

    private static void run(final Program program) throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                try (OffHeap source = new OffHeap(COUNT / 8);
                        OffHeap target = new OffHeap(COUNT / 8)) {
                    program.run(communicator, source.address(), target.address());
                }
            });
        }
    }

    private static Elements all(final long address) {
        return Elements.at(address, COUNT, DataType.SIGN);
    }

    private static Elements block(final long address) {
        return Elements.at(address, BLOCK, DataType.SIGN);
    }

    private static void mark(final long address, final long count, final long word) {
        UnsafeApi.putLong(address + count / 8 - Long.BYTES, word);
    }

    private static void assertLast(final long address, final long count, final long word) {
        assertEquals(word, UnsafeApi.getLong(address + count / 8 - Long.BYTES));
    }
}
