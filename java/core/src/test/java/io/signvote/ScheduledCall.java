package io.signvote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.collective.BallotSource;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** One call of a simulated rank, with its memory. After its end it verifies that the call wrote all of the result, or nothing. */
final class ScheduledCall {
    /** Events inside the call, of the schedule. */
    interface Events {
        /** Whether the source is ready. */
        boolean isReady();

        /** Before the source fills a ballot. */
        void onFill();

        /** Before the sink takes a result. */
        void onCommit();
    }

    static final long GATHER_CAPACITY = 1 << 16;
    private static final byte UNTOUCHED = 0x5A;

    private final Communicator communicator;
    private final Call call;
    private final byte[] ballot;
    private final byte[] expected;
    private final Events events;
    private Elements source;
    private Elements result;
    private byte[] written;
    private float[] target;
    private float[] before;
    private ByteBuffer lent;
    private Gathered gathered;
    private volatile int commits;

    /**
     * A call that was not made yet.
     *
     * @param communicator of the rank.
     * @param call the same on every rank.
     * @param ballot of this rank.
     * @param expected result; null if this rank gets none.
     * @param events of the schedule.
     */
    ScheduledCall(
            final Communicator communicator,
            final Call call,
            final byte[] ballot,
            final byte[] expected,
            final Events events) {
        this.communicator = communicator;
        this.call = call;
        this.ballot = ballot;
        this.expected = expected;
        this.events = events;
    }

    /** Any collective that takes elements, but an allreduce and a broadcast. */
    static Call onElements(final Random draw, final int ranks, final long count) {
        final Collective[] collectives = {
            Collective.REDUCE,
            Collective.REDUCE_SCATTER,
            Collective.ALL_GATHER,
            Collective.GATHER,
            Collective.SCATTER,
            Collective.ALL_TO_ALL
        };
        final Collective collective = collectives[draw.nextInt(collectives.length)];
        final int root = collective.isRooted() ? draw.nextInt(ranks) : 0;
        final ReduceOp op = draw.nextBoolean() ? ReduceOp.SUM : ReduceOp.MAX;
        final DataType type = draw.nextBoolean() ? DataType.FLOAT32 : DataType.INT64;
        return new Call().set(collective, collective.isReduction() ? op : null, type, count, 0, root);
    }

    /** Makes the call and waits for its end. */
    void run() {
        if (isOnElements()) {
            prepareElements();
            boolean isWhole = false;
            try {
                makeOnElements();
                isWhole = true;
            } finally {
                verify(isWhole);
            }
            return;
        }
        switch (kind()) {
            case "SUM" -> sum();
            case "BROADCAST" -> broadcast();
            case "ALL_GATHER_V" -> allGather();
            default -> vote();
        }
    }

    /** Makes an asynchronous call. {@link #verify} follows its end. */
    Work start() {
        if (isOnElements()) {
            prepareElements();
            return startOnElements();
        }
        final Calls calls = communicator.calls();
        return switch (kind()) {
            case "SUM" -> {
                target = untouched(floats(ballot).length);
                yield communicator.allReduceAsync(floats(ballot), target, ReduceOp.SUM);
            }
            case "BROADCAST" -> {
                prepareBroadcast();
                lent = ByteBuffer.allocateDirect(call.count() == 0 ? 4 : (int) call.count() * 4)
                        .order(ByteOrder.LITTLE_ENDIAN);
                lent.asFloatBuffer().put(target);
                yield communicator.broadcastAsync(
                        BufferUtil.address(lent), call.count(), DataType.FLOAT32, call.root());
            }
            case "ALL_GATHER_V" -> {
                lent = ByteBuffer.allocateDirect(ballot.length).put(0, ballot);
                gathered = new Gathered(GATHER_CAPACITY);
                yield communicator.allGatherAsync(BufferUtil.address(lent), ballot.length, gathered);
            }
            default ->
                calls.start(calls.take().vote(DataType.SIGN, new Source(), this::commit, call.count(), call.step(), 0));
        };
    }

    /** Verifies what the call wrote. */
    void verify(final boolean isWhole) {
        if (isOnElements()) {
            assertArrayEquals(isWhole && expected != null ? expected : untouchedBytes(), written, call::toString);
            return;
        }
        switch (kind()) {
            case "SUM" -> assertArrayEquals(isWhole ? floats(expected) : untouched(target.length), target);
            case "BROADCAST" -> {
                if (lent != null) {
                    lent.asFloatBuffer().get(target);
                }
                assertArrayEquals(isWhole ? floats(expected) : before, target);
            }
            case "ALL_GATHER_V" -> {
                assertArrayEquals(isWhole ? expected : new byte[0], bytes(gathered), "whole=" + isWhole);
                gathered.close();
            }
            default -> assertEquals(isWhole ? 1 : 0, commits, "results taken");
        }
    }

    private boolean isOnElements() {
        return call.collective().isInBlocks() || call.collective() == Collective.REDUCE;
    }

    private void prepareElements() {
        written = untouchedBytes();
        source = elements(ballot);
        result = expected == null ? null : elements(written);
    }

    private Elements elements(final byte[] bytes) {
        return Elements.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), call.type());
    }

    private byte[] untouchedBytes() {
        final byte[] bytes = new byte[expected == null ? 0 : expected.length];
        Arrays.fill(bytes, UNTOUCHED);
        return bytes;
    }

    private void makeOnElements() {
        final ReduceOp op = call.op();
        final int root = call.root();
        switch (call.collective()) {
            case REDUCE -> communicator.reduce(source, result, op, root);
            case REDUCE_SCATTER -> communicator.reduceScatter(source, result, op);
            case ALL_GATHER -> communicator.allGather(source, result);
            case GATHER -> communicator.gather(source, result, root);
            case SCATTER -> communicator.scatter(source, result, root);
            default -> communicator.allToAll(source, result);
        }
    }

    private Work startOnElements() {
        final ReduceOp op = call.op();
        final int root = call.root();
        return switch (call.collective()) {
            case REDUCE -> communicator.reduceAsync(source, result, op, root, 0);
            case REDUCE_SCATTER -> communicator.reduceScatterAsync(source, result, op, 0);
            case ALL_GATHER -> communicator.allGatherAsync(source, result, 0);
            case GATHER -> communicator.gatherAsync(source, result, root, 0);
            case SCATTER -> communicator.scatterAsync(source, result, root, 0);
            default -> communicator.allToAllAsync(source, result, 0);
        };
    }

    private String kind() {
        return new CallKind(call.collective(), call.op()).toString();
    }

    private void vote() {
        boolean isWhole = false;
        try {
            communicator.vote(DataType.SIGN, new Source(), this::commit, call.count(), call.step(), 0);
            isWhole = true;
        } finally {
            verify(isWhole);
        }
    }

    private void commit(final long words, final long count) {
        final byte[] actual = new byte[expected.length];
        new UnsafeBuffer(words, actual.length).getBytes(0, actual);
        assertArrayEquals(expected, actual);
        events.onCommit();
        commits = commits + 1;
    }

    private void sum() {
        target = untouched(floats(ballot).length);
        boolean isWhole = false;
        try {
            communicator.allReduce(floats(ballot), target, ReduceOp.SUM);
            isWhole = true;
        } finally {
            verify(isWhole);
        }
    }

    private void broadcast() {
        prepareBroadcast();
        boolean isWhole = false;
        try {
            communicator.broadcast(target, call.root());
            isWhole = true;
        } finally {
            verify(isWhole);
        }
    }

    private void prepareBroadcast() {
        target = communicator.rank() == call.root() ? floats(ballot) : untouched(floats(ballot).length);
        before = target.clone();
    }

    private void allGather() {
        final ByteBuffer source = ByteBuffer.allocateDirect(ballot.length).put(0, ballot);
        gathered = new Gathered(GATHER_CAPACITY);
        boolean isWhole = false;
        try {
            communicator.allGather(source, gathered);
            isWhole = true;
        } finally {
            verify(isWhole);
        }
    }

    private static byte[] bytes(final Gathered gathered) {
        final byte[] bytes = new byte[(int) gathered.totalLength()];
        int at = 0;
        for (int rank = 0; rank < gathered.ranks(); rank++) {
            final int length = (int) gathered.length(rank);
            new UnsafeBuffer(gathered.address(rank), length).getBytes(0, bytes, at, length);
            at += length;
        }
        return bytes;
    }

    private static float[] untouched(final int length) {
        final float[] floats = new float[length];
        Arrays.fill(floats, UNTOUCHED);
        return floats;
    }

    private static float[] floats(final byte[] bytes) {
        final float[] floats = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** Casts the ballot of the rank. */
    private final class Source implements BallotSource {
        @Override
        public boolean isReady(final long coordinate, final int count) {
            return events.isReady();
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            events.onFill();
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final int length = (int) DataType.SIGN.sizeOf(count);
            new UnsafeBuffer(words, length).putBytes(0, ballot, (int) DataType.SIGN.sizeOf(coordinate), length);
        }
    }
}
