package io.signvote.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Reductions that another implementation has computed. */
class ReductionVectorsTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/reductions.csv", useHeadersInDisplayName = true)
    void shouldGiveThePublishedResult(
            final ReduceOp op, final DataType type, final String contributions, final String result) throws Exception {
        final String[] ballots = contributions.split(" ");
        try (LocalJob job = new LocalJob(ballots.length, new Context())) {
            job.run(communicator -> {
                final UnsafeBuffer own = Hex.buffer(ballots[communicator.rank()]);
                final UnsafeBuffer memory =
                        new UnsafeBuffer(BufferUtil.allocateDirectAligned(own.capacity() + Long.BYTES, Long.BYTES));
                memory.putBytes(0, own, 0, own.capacity());
                communicator.allReduce(
                        memory.addressOffset(), memory.addressOffset(), own.capacity() / type.size(), type, op);
                assertEquals(result, Hex.of(new UnsafeBuffer(memory, 0, own.capacity())));
            });
        }
    }
}
