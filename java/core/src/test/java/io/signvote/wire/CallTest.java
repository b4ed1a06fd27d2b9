package io.signvote.wire;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.sbe.DataFrameDecoder;
import io.signvote.wire.sbe.DataFrameEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that do not match have different texts, so that the message of a mismatch says what differs. */
class CallTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[DataFrame.HEADER_LENGTH]);
    private final DataFrame frames = new DataFrame(1, 1);

    @Test
    void shouldReadAsItsCallerWritesIt() {
        assertEquals(
                "allReduce(MAJORITY, FLOAT32, count=5) step=0 zeros=RANDOM ties=RANDOM",
                usual("MAJORITY").toString());
        assertEquals("allReduce(SUM, FLOAT32, count=5)", usual("SUM").toString());
        assertEquals("broadcast(FLOAT32, count=5, root=0)", usual("BROADCAST").toString());
        assertEquals("barrier()", usual("BARRIER").toString());
        assertEquals("allGather(capacity=5)", usual("LENGTHS").toString());
        assertEquals(
                "split(capacity=5)",
                new Call()
                        .set(Collective.LENGTHS, null, DataType.UINT8, 5, Call.SPLIT, 0)
                        .toString());
        assertEquals("allGather(total=5)", usual("ALL_GATHER_V").toString());
        assertEquals(
                "reduce(SUM, FLOAT32, count=5, root=0)", usual("REDUCE SUM").toString());
        assertEquals(
                "reduceScatter(MAX, FLOAT32, count=5)",
                usual("REDUCE_SCATTER MAX").toString());
        assertEquals("allGather(FLOAT32, count=5)", usual("ALL_GATHER").toString());
        assertEquals("gather(FLOAT32, count=5, root=0)", usual("GATHER").toString());
        assertEquals("scatter(FLOAT32, count=5, root=0)", usual("SCATTER").toString());
        assertEquals("allToAll(FLOAT32, count=5)", usual("ALL_TO_ALL").toString());
    }

    @ParameterizedTest
    @MethodSource("io.signvote.wire.CallKind#all")
    void shouldDifferInItsTextWhereItDiffersInOneField(final CallKind kind) {
        final Call call = usual(kind);
        final Map<String, String> texts = new HashMap<>();
        for (final Consumer<DataFrameEncoder> change : changes()) {
            final DataFrameDecoder header = frame(call, change);
            final String text = Call.describe(header);

            final String fields = Call.fields(header);
            final String other = texts.put(text, fields);
            assertTrue(other == null || other.equals(fields), () -> text + " is [" + other + "] and [" + fields + "]");
            assertEquals(call.matches(header), text.equals(call.toString()), text);
        }
    }

    @Test
    void shouldNameTheFieldsOfWhatIsNoCall() {
        final String text = Call.describe(frame(usual("SUM"), frame -> frame.count(-5)));

        assertMessage(
                text,
                "collective=1 reduction=2 dataType=2 count=-5 step=0 root=0 zeroPolicy=1 tiePolicy=1 firstWord=0 tag=0"
                        + " options=0 admits=0");
        assertNotEquals(usual("SUM").toString(), text);
    }

    @Test
    void shouldForgetTagAndOptionsOfTheCallBefore() {
        final Call call = usual("SUM").tag(7).options(0x1234_5678_9ABC_DEF0L);
        assertEquals("allReduce(SUM, FLOAT32, count=5) tag=7 options=123456789abcdef0", call.toString());

        call.set(ReduceOp.SUM, DataType.FLOAT32, 5, 0);

        assertEquals("allReduce(SUM, FLOAT32, count=5)", call.toString());
        assertTrue(call.matches(frame(usual("SUM"), frame -> {})));
    }

    @Test
    void shouldSayInPlainWordsWhichOptionsDiffer() {
        final Call call = usual("MAJORITY").options(1);

        assertEquals(
                ": the learning rate, the momentum, the weight decay or the layout of the parameters differs; no parameter"
                        + " has changed. retry keeps the rates of this step: set the same values and restore parameters and"
                        + " optimiser of the same step on every rank",
                call.explain(frame(call, frame -> frame.options(2))));
        assertEquals(
                ": one of the two is a step of an optimiser, and the other is not",
                call.explain(frame(call, frame -> frame.options(0))));
        assertEquals("", call.explain(frame(call, frame -> frame.options(2).step(9))));
        assertEquals("", call.explain(frame(call, frame -> frame.step(9))));
    }

    private static List<Consumer<DataFrameEncoder>> changes() {
        final List<Consumer<DataFrameEncoder>> changes = new ArrayList<>();
        changes.add(frame -> {});
        for (final int value : new int[] {-1, 2, 7}) {
            changes.add(frame -> frame.count(value));
            changes.add(frame -> frame.step(value));
            changes.add(frame -> frame.firstWord(value));
            changes.add(frame -> frame.options(value));
            changes.add(frame -> frame.tag(value));
        }
        for (final int value : new int[] {1, 2, 65535}) {
            changes.add(frame -> frame.root(value));
        }
        for (int value = 0; value < 8; value++) {
            final short code = (short) value;
            changes.add(frame -> frame.zeroPolicy(code));
            changes.add(frame -> frame.tiePolicy(code));
            changes.add(frame -> frame.collective(code));
            changes.add(frame -> frame.reduction(code));
            changes.add(frame -> frame.admits(code));
            changes.add(frame -> frame.dataType(code));
        }
        return changes;
    }

    private DataFrameDecoder frame(final Call call, final Consumer<DataFrameEncoder> change) {
        frames.write(buffer, 0, DataFrame.BALLOT, 1, call, 0, 0, 0, 8);
        change.accept(new DataFrameEncoder().wrap(buffer, DataFrame.HEADER_LENGTH - DataFrameEncoder.BLOCK_LENGTH));
        return frames.read(buffer, 0, DataFrame.HEADER_LENGTH);
    }

    private static Call usual(final String kind) {
        return usual(CallKind.of(kind));
    }

    private static Call usual(final CallKind kind) {
        final List<DataType> types = kind.types();
        final boolean isBarrier = kind.collective() == Collective.BARRIER;
        final DataType type = types.contains(DataType.FLOAT32) && !isBarrier ? DataType.FLOAT32 : types.get(0);
        return new Call()
                .set(kind.collective(), kind.op(), type, isBarrier ? 1 : 5, 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }
}
