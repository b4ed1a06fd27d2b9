package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import io.signvote.collective.Reference;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every collective with every reduction and type, on memory of every form, beside a slow reference. */
class CollectivesTest {
    private static final int[] COUNTS = {0, 1, 64, 5_003};

    static Stream<Arguments> matrix() {
        return CallKind.all().stream()
                .filter(kind -> kind.collective() != Collective.BARRIER
                        && !kind.collective().isShards())
                .flatMap(kind -> Stream.of(DataType.values())
                        .filter(type -> kind.op() == null || kind.op().takes(type))
                        .map(type -> Arguments.of(kind, type)));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void shouldGiveWhatTheReferenceGives(final CallKind kind, final DataType type) throws Exception {
        for (final int ranks : new int[] {1, 2, 5}) {
            final Context context = context().plan(ranks == 2 ? PlanKind.STAR : PlanKind.SHARDED);
            try (LocalJob job = new LocalJob(ranks, context)) {
                job.run(communicator -> {
                    for (int call = 0; call < COUNTS.length; call++) {
                        make(communicator, kind, type, COUNTS[call], call + type.ordinal());
                    }
                });
            }
        }
    }

    private static Context context() {
        return new Context()
                .tiePolicy(TiePolicy.POSITIVE)
                .zeroPolicy(ZeroPolicy.POSITIVE)
                .strict(false);
    }

    private static void make(
            final Communicator communicator, final CallKind kind, final DataType type, final int n, final int number) {
        final int ranks = communicator.size();
        final int rank = communicator.rank();
        final int root = kind.collective().isRooted() ? number % ranks : 0;
        final Lent.Form[] forms = Lent.Form.values();
        final Lent.Form form = forms[(number + rank) % forms.length];
        final boolean isInPlace = number % 3 == 0;
        final IntFunction<byte[]> sources = each -> source(kind.collective(), type, each, ranks, n);
        final byte[] expected = expected(kind, type, n, rank, ranks, root, sources);
        final byte[] before = untouched(targetBlocks(kind.collective(), ranks), type, n);

        try (Lent source = new Lent(
                        form,
                        type,
                        elements(type, n, isInBlocks(kind.collective(), false) ? ranks : 0),
                        sources.apply(rank));
                Lent target = new Lent(
                        forms[(number + rank + 1) % forms.length],
                        type,
                        elements(type, n, isInBlocks(kind.collective(), true) ? ranks : 0),
                        before)) {
            final boolean isOne = kind.collective() == Collective.BROADCAST
                    || isInPlace && isInBlocks(kind.collective(), false) == isInBlocks(kind.collective(), true);
            final Lent result = isOne ? source : target;
            call(communicator, kind, source.elements(), result.elements(), root, number % 2 == 0);
            if (expected == null) {
                assertArrayEquals(isOne ? sources.apply(rank) : before, result.content(), "no result is due");
                return;
            }
            final byte[] actual = result.content();
            assertEquals(expected.length, actual.length);
            for (int i = 0; i < expected.length / Math.max(1, type == DataType.SIGN ? 8 : type.size()); i++) {
                final int at = i;
                assertTrue(
                        Reference.isEqual(type, expected, actual, i),
                        () -> kind + " of " + type + ", " + ranks + " ranks, " + form + ", root " + root + ", element "
                                + at + " of " + n + " on rank " + rank);
            }
        }
    }

    private static void call(
            final Communicator communicator,
            final CallKind kind,
            final Elements source,
            final Elements target,
            final int root,
            final boolean isBlocking) {
        final Communicator c = communicator;
        final ReduceOp op = kind.op();
        final boolean isRoot = c.rank() == root;
        // where no result is due, a target may be given or not, and stays as it is
        final Elements toRoot = isRoot || target.count() % 2 == 0 ? target : null;
        final Elements ofRoot = isRoot ? source : null;
        if (isBlocking) {
            switch (kind.collective()) {
                case ALL_REDUCE -> c.allReduce(source, target, op);
                case REDUCE -> c.reduce(source, toRoot, op, root);
                case BROADCAST -> c.broadcast(source, root);
                case REDUCE_SCATTER -> c.reduceScatter(source, target, op);
                case ALL_GATHER -> c.allGather(source, target);
                case GATHER -> c.gather(source, toRoot, root);
                case SCATTER -> c.scatter(ofRoot, target, root);
                default -> c.allToAll(source, target);
            }
            return;
        }
        final Work work = switch (kind.collective()) {
            case ALL_REDUCE -> c.allReduceAsync(source, target, op, 7);
            case REDUCE -> c.reduceAsync(source, toRoot, op, root, 7);
            case BROADCAST -> c.broadcastAsync(source, root, 7);
            case REDUCE_SCATTER -> c.reduceScatterAsync(source, target, op, 7);
            case ALL_GATHER -> c.allGatherAsync(source, target, 7);
            case GATHER -> c.gatherAsync(source, toRoot, root, 7);
            case SCATTER -> c.scatterAsync(ofRoot, target, root, 7);
            default -> c.allToAllAsync(source, target, 7);
        };
        work.await();
    }

    // the reference

    private static byte[] expected(
            final CallKind kind,
            final DataType type,
            final int n,
            final int rank,
            final int ranks,
            final int root,
            final IntFunction<byte[]> sources) {
        return switch (kind.collective()) {
            case ALL_REDUCE -> reduced(kind.op(), type, n, ranks, sources);
            case REDUCE -> rank == root ? reduced(kind.op(), type, n, ranks, sources) : null;
            case BROADCAST -> sources.apply(root);
            case REDUCE_SCATTER ->
                reduced(kind.op(), type, n, ranks, each -> block(sources.apply(each), rank, type, n));
            case ALL_GATHER -> joined(ranks, sources);
            case GATHER -> rank == root ? joined(ranks, sources) : null;
            case SCATTER -> block(sources.apply(root), rank, type, n);
            default -> joined(ranks, each -> block(sources.apply(each), rank, type, n));
        };
    }

    private static byte[] reduced(
            final ReduceOp op, final DataType type, final int n, final int ranks, final IntFunction<byte[]> sources) {
        if (op == ReduceOp.MAJORITY) {
            return type == DataType.SIGN ? votes(n, ranks, sources) : Reference.majority(type, n, ranks, sources);
        }
        return Reference.reduce(op, type, n, ranks, sources);
    }

    private static byte[] votes(final int n, final int ranks, final IntFunction<byte[]> sources) {
        final byte[] verdict = new byte[(int) DataType.SIGN.sizeOf(n)];
        final byte[][] all = new byte[ranks][];
        Arrays.setAll(all, sources);
        for (int i = 0; i < n; i++) {
            int negative = 0;
            for (final byte[] signs : all) {
                negative += signs[i >> 3] >> (i & 7) & 1;
            }
            verdict[i >> 3] |= (byte) (2 * negative > ranks ? 1 << (i & 7) : 0);
        }
        return verdict;
    }

    private static byte[] joined(final int ranks, final IntFunction<byte[]> blocks) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int rank = 0; rank < ranks; rank++) {
            all.writeBytes(blocks.apply(rank));
        }
        return all.toByteArray();
    }

    private static byte[] block(final byte[] blocks, final int block, final DataType type, final int n) {
        final int length = (int) type.sizeOf(n);
        return Arrays.copyOfRange(blocks, block * length, (block + 1) * length);
    }

    /** What a rank gives. The last word of a block of signs has zeros behind its last sign. */
    private static byte[] source(
            final Collective collective, final DataType type, final int rank, final int ranks, final int n) {
        final Random draw = new Random(31L * n + rank);
        return joined(sourceBlocks(collective, ranks), block -> {
            final byte[] numbers = Reference.numbers(type, draw, n);
            if (type == DataType.SIGN && n > 0) {
                final UnsafeBuffer words = new UnsafeBuffer(numbers);
                final int last = numbers.length - Long.BYTES;
                words.putLong(last, words.getLong(last) & Words.tailMask(n));
            }
            return numbers;
        });
    }

    private static byte[] untouched(final int blocks, final DataType type, final int n) {
        final byte[] bytes = new byte[blocks * (int) type.sizeOf(n)];
        Arrays.fill(bytes, (byte) 0x11);
        return bytes;
    }

    private static int sourceBlocks(final Collective collective, final int ranks) {
        return isInBlocks(collective, false) ? ranks : 1;
    }

    private static int targetBlocks(final Collective collective, final int ranks) {
        return isInBlocks(collective, true) ? ranks : 1;
    }

    /** Whether the source, or the target, is one block of each rank. */
    private static boolean isInBlocks(final Collective collective, final boolean isTarget) {
        return switch (collective) {
            case REDUCE_SCATTER, SCATTER -> !isTarget;
            case ALL_GATHER, GATHER -> isTarget;
            case ALL_TO_ALL -> true;
            default -> false;
        };
    }

    /** Elements of n, or of blocks of n. */
    private static long elements(final DataType type, final int n, final int blocks) {
        return blocks == 0 ? n : type == DataType.SIGN ? blocks * Words.count(n) * Words.LANES : (long) blocks * n;
    }

    @Test
    void shouldDrawLotsOfZerosByTheWordsOfAllBlocks() throws Exception {
        final int n = 70;
        final Context context = new Context()
                .zeroPolicy(ZeroPolicy.RANDOM)
                .tiePolicy(TiePolicy.NEGATIVE)
                .seed(5);
        try (LocalJob job = new LocalJob(2, context)) {
            job.run(communicator -> {
                final float[] verdict = new float[n];
                communicator.reduceScatter(Elements.of(new float[2 * n]), Elements.of(verdict), ReduceOp.MAJORITY);
                for (int i = 0; i < n; i++) {
                    final int word = communicator.rank() * 2 + i / 64;
                    final long first = Lot.lots(Lot.key(5, 0, 1, 0), word) >> i % 64 & 1;
                    final long second = Lot.lots(Lot.key(5, 0, 1, 1), word) >> i % 64 & 1;
                    assertEquals(first + second > 0 ? -1 : 1, verdict[i], "coordinate " + i);
                }
            });
        }
    }

    /** The block of a rank is a part of the blocks of all ranks, as NCCL does it. */
    @Test
    void shouldTakeABlockInPlace() throws Exception {
        final int n = 3_000;
        try (LocalJob job = new LocalJob(3, context())) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                final int[] numbers = new int[3 * n];
                Arrays.fill(numbers, rank * n, (rank + 1) * n, rank + 1);
                final Elements blocks = Elements.of(numbers);
                final Elements own = blocks.slice(rank * n, n);

                communicator.allGather(own, blocks);
                communicator.reduceScatter(blocks, own, ReduceOp.SUM);
                communicator.gather(own, blocks, 1);
                for (int i = 0; i < 3 * n; i++) {
                    final int sum = 3 * (i / n + 1);
                    assertEquals(rank == 1 || i / n == rank ? sum : i / n + 1, numbers[i], "gathered element " + i);
                    numbers[i] += rank == 1 ? 100 : 0;
                }
                communicator.scatter(blocks, own, 1);
                for (int i = 0; i < 3 * n; i++) {
                    final int sum = 3 * (i / n + 1) + 100;
                    assertEquals(rank == 1 || i / n == rank ? sum : i / n + 1, numbers[i], "scattered element " + i);
                }
            });
        }
    }

    @Test
    void shouldNameTheElementsThatAreNotFinite() throws Exception {
        final Context strict = new Context().strict(true);
        try (LocalJob job = new LocalJob(2, strict)) {
            for (final Throwable error : job.errors(communicator -> {
                final float[] blocks = new float[200];
                blocks[150] = communicator.rank() == 0 ? Float.NaN : 1;
                communicator.reduceScatter(Elements.of(blocks), Elements.of(new float[100]), ReduceOp.MAJORITY);
            })) {
                assertMessage((Exception) error, "coordinates [100, 200) hold 1 values that are not finite");
            }
        }
    }

    @Test
    void shouldNameBothCallsIfTheyDiffer() throws Exception {
        try (LocalJob job = new LocalJob(3, context())) {
            for (final Throwable error : job.errors(communicator -> {
                final Elements block = Elements.of(new float[4]);
                final Elements blocks = Elements.of(new float[12]);
                if (communicator.rank() == 1) {
                    communicator.gather(block, blocks, 2);
                } else {
                    communicator.scatter(blocks, block, 0);
                }
            })) {
                final ProtocolException e = (ProtocolException) error;
                assertTrue(e.getMessage().contains("scatter(FLOAT32, count=4, root=0)"), e::getMessage);
                assertTrue(e.getMessage().contains("gather(FLOAT32, count=4, root=2)"), e::getMessage);
            }
        }
    }

    @Test
    void shouldRefuseElementsThatDoNotFit() throws Exception {
        try (LocalJob job = new LocalJob(2, context())) {
            job.run(communicator -> {
                final Elements four = Elements.of(new float[4]);
                final Elements nine = Elements.of(new float[9]);
                final Elements ints = Elements.of(new int[4]);
                final Elements signs = Elements.signs(new long[4], 200);
                refused(
                        "allReduce: source is FLOAT32[4], target is FLOAT32[9], use the same count for both",
                        () -> communicator.allReduce(four, nine, ReduceOp.SUM));
                refused(
                        "allReduce: source is FLOAT32[4], target is INT32[4], use one type for both",
                        () -> communicator.allReduce(four, ints, ReduceOp.SUM));
                refused(
                        "reduce(BAND, FLOAT32) is unknown, BAND takes SIGN, UINT8, INT8, INT32, INT64",
                        () -> communicator.reduce(four, four, ReduceOp.BAND, 0));
                refused(
                        "reduceScatter: source is FLOAT32[9], expected 2 blocks of 4",
                        () -> communicator.reduceScatter(nine, four, ReduceOp.SUM));
                refused(
                        "allGather: target is FLOAT32[9], expected 2 blocks of 4",
                        () -> communicator.allGather(four, nine));
                refused(
                        "allToAll: source is SIGN[200], expected 2 blocks of 128, in whole words of 64 signs",
                        () -> communicator.allToAll(signs, signs));
                refused("gather: source=null, give elements", () -> communicator.gather(null, nine, 0));
                refused("broadcast: elements=null, give elements", () -> communicator.broadcast((Elements) null, 0));
                refused("root=2, expected a rank, 0 to 1", () -> communicator.broadcast(four, 2));
                if (communicator.rank() == 0) {
                    refused("scatter: source=null, give elements", () -> communicator.scatter(null, four, 0));
                }
                communicator.barrier();
            });
        }
    }

    private static void refused(final String message, final Runnable call) {
        assertMessage(assertThrows(ConfigurationException.class, call::run), message);
    }
}
