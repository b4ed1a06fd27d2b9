package io.signvote.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.collective.Reference;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Native reductions give the bits of {@link ScalarKernels}, with any bits as input. NaNs are equal to one another. */
@ParameterizedClass
@EnumSource(
        value = Backend.class,
        names = {"NATIVE_SCALAR", "NATIVE_AVX2"})
class FoldContractTest {
    private static final int N = 1_003;

    private final Kernels oracle = new ScalarKernels();

    @Parameter
    private Backend backend;

    @ParameterizedTest
    @MethodSource("reductions")
    void shouldFoldNumbers(final ReduceOp op, final DataType type) {
        final Random random = new Random(op.code() * 16L + type.code());
        final byte[] own = new byte[(int) type.sizeOf(N)];
        final byte[] before = new byte[(int) type.wide().sizeOf(N)];
        random.nextBytes(own);
        random.nextBytes(before);

        final byte[] expected = folded(oracle, op, type, own, before);
        final byte[] actual = folded(backend.kernels(), op, type, own, before);

        for (int i = 0; i < N; i++) {
            assertTrue(Reference.isEqual(type.wide(), expected, actual, i), op + " " + type + " at " + i);
        }
    }

    private static byte[] folded(
            final Kernels kernels, final ReduceOp op, final DataType type, final byte[] own, final byte[] before) {
        final byte[] after = new byte[before.length];
        try (OffHeap source = new OffHeap(own.length);
                OffHeap target = new OffHeap(before.length)) {
            new UnsafeBuffer(source.address(), own.length).putBytes(0, own);
            new UnsafeBuffer(target.address(), before.length).putBytes(0, before);
            kernels.fold(op, type, source.address(), target.address(), N);
            new UnsafeBuffer(target.address(), after.length).getBytes(0, after);
        }
        return after;
    }

    static Stream<Arguments> reductions() {
        return Stream.of(ReduceOp.values())
                .filter(op -> op != ReduceOp.MAJORITY)
                .flatMap(op -> op.types().stream()
                        .filter(type -> type != DataType.SIGN)
                        .map(type -> Arguments.of(op, type)));
    }
}
