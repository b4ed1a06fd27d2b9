package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.Reference;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reduction of every type, beside a slow reference; what there is not is refused by name. */
class ReductionsTest {
    private static final int[] COUNTS = {0, 1, 63, 1_000, 30_011};

    static Stream<Arguments> matrix() {
        return Stream.of(ReduceOp.values())
                .flatMap(op -> Stream.of(DataType.values()).map(type -> Arguments.of(op, type)));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void shouldReduceAsTheReferenceOrRefuseByName(final ReduceOp op, final DataType type) throws Exception {
        for (final int ranks : new int[] {1, 2, 3, 5}) {
            final PlanKind plan = ranks == 3 ? PlanKind.STAR : PlanKind.SHARDED;
            final Context context = new Context()
                    .plan(plan)
                    .tiePolicy(TiePolicy.POSITIVE)
                    .zeroPolicy(ZeroPolicy.POSITIVE)
                    .strict(false);
            try (LocalJob job = new LocalJob(ranks, context)) {
                job.run(communicator -> {
                    if (op.takes(type)) {
                        for (int call = 0; call < COUNTS.length; call++) {
                            reduce(communicator, op, type, COUNTS[call], call % 2 == 0);
                        }
                    } else {
                        refuse(communicator, op, type);
                    }
                });
            }
        }
    }

    private static void reduce(
            final Communicator communicator,
            final ReduceOp op,
            final DataType type,
            final int count,
            final boolean isInPlace) {
        final int ranks = communicator.size();
        final IntFunction<byte[]> ballots = rank -> contribution(type, rank, count);
        final byte[] expected = op == ReduceOp.MAJORITY && type != DataType.SIGN
                ? Reference.majority(type, count, ranks, ballots)
                : op == ReduceOp.MAJORITY
                        ? votes(count, ranks, ballots)
                        : Reference.reduce(op, type, count, ranks, ballots);
        final byte[] own = ballots.apply(communicator.rank());
        final byte[] actual = new byte[expected.length];
        try (OffHeap source = new OffHeap(own.length);
                OffHeap other = new OffHeap(own.length)) {
            new UnsafeBuffer(source.address(), own.length).putBytes(0, own);
            final long target = isInPlace ? source.address() : other.address();
            communicator.allReduce(source.address(), target, count, type, op);
            new UnsafeBuffer(target, actual.length).getBytes(0, actual);
        }
        final int elements = type == DataType.SIGN ? expected.length / 8 : count;
        for (int i = 0; i < elements; i++) {
            final int at = i;
            assertTrue(
                    Reference.isEqual(type, expected, actual, i),
                    () -> op + " of " + type + " of " + ranks + " ranks, element " + at + " of " + count);
        }
    }

    private static byte[] contribution(final DataType type, final int rank, final int count) {
        final byte[] numbers = Reference.numbers(type, new Random(31L * count + rank), count);
        if (type == DataType.SIGN && count > 0) {
            final UnsafeBuffer words = new UnsafeBuffer(numbers);
            final int last = numbers.length - Long.BYTES;
            words.putLong(last, words.getLong(last) & Words.tailMask(count));
        }
        return numbers;
    }

    private static byte[] votes(final int count, final int ranks, final IntFunction<byte[]> ballots) {
        final byte[] verdict = new byte[(int) DataType.SIGN.sizeOf(count)];
        final byte[][] all = new byte[ranks][];
        Arrays.setAll(all, ballots);
        for (int i = 0; i < count; i++) {
            int negative = 0;
            for (int rank = 0; rank < ranks; rank++) {
                negative += all[rank][i >> 3] >> (i & 7) & 1;
            }
            verdict[i >> 3] |= (byte) (2 * negative > ranks ? 1 << (i & 7) : 0);
        }
        return verdict;
    }

    private static void refuse(final Communicator communicator, final ReduceOp op, final DataType type) {
        try (OffHeap memory = new OffHeap(64)) {
            final long address = memory.address();
            final List<String> types = new ArrayList<>();
            op.types().forEach(each -> types.add(each.toString()));
            assertMessage(
                    assertThrows(
                            ConfigurationException.class, () -> communicator.allReduce(address, address, 4, type, op)),
                    "allReduce(" + op + ", " + type + ") is unknown, " + op + " takes " + String.join(", ", types));
        }
    }
}
