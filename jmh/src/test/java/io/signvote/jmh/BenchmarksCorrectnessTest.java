package io.signvote.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.jmh.kernel.AccumulateBenchmark;
import io.signvote.jmh.kernel.ApplySignsBenchmark;
import io.signvote.jmh.kernel.DeadCoordinates;
import io.signvote.jmh.kernel.FoldBenchmark;
import io.signvote.jmh.kernel.KernelBenchmark;
import io.signvote.jmh.kernel.MajorityBenchmark;
import io.signvote.jmh.kernel.MomentumPackSignsBenchmark;
import io.signvote.jmh.kernel.PackSignsBenchmark;
import io.signvote.jmh.kernel.UnpackSignsBenchmark;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.DataType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Every benchmark runs, and contenders that return something return the same. */
class BenchmarksCorrectnessTest {
    private static final int SMALL = 200_001;

    static Stream<KernelBenchmark> benchmarks() {
        final FoldBenchmark doubles = new FoldBenchmark();
        doubles.type = DataType.FLOAT64;
        final FoldBenchmark bytes = new FoldBenchmark();
        bytes.type = DataType.INT8;
        return Stream.of(
                new AccumulateBenchmark(),
                new ApplySignsBenchmark(),
                new FoldBenchmark(),
                doubles,
                bytes,
                new MajorityBenchmark(),
                new MomentumPackSignsBenchmark(),
                new PackSignsBenchmark(),
                new UnpackSignsBenchmark());
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldRunEveryBody(final KernelBenchmark benchmark) throws Exception {
        benchmark.n = SMALL;
        benchmark.getClass().getMethod("prepare").invoke(benchmark);
        final List<Method> bodies = Arrays.stream(benchmark.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .toList();

        assertTrue(bodies.size() >= 2, "nothing to compare");
        try {
            for (final Method body : bodies) {
                body.invoke(benchmark);
            }
        } catch (final InvocationTargetException error) {
            throw new AssertionError(benchmark.getClass().getSimpleName(), error.getCause());
        } finally {
            benchmark.free();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "avx2"})
    void shouldTimeStepsWhoseDeadCoordinatesAreZeros(final String tier) {
        final Kernels kernels = NativeKernels.create(tier);

        assertEquals(3, DeadCoordinates.measure(kernels, 1_000, 900, 2).length);
        assertThrows(IllegalStateException.class, () -> DeadCoordinates.measure(kernels, 1_000, 10, 1));
    }

    @Test
    void shouldCountTheSameZerosAndTies() {
        final PackSignsBenchmark pack = new PackSignsBenchmark();
        pack.n = SMALL;
        pack.zeros = 0.03;
        pack.prepare();
        final MajorityBenchmark majority = new MajorityBenchmark();
        majority.n = SMALL;
        majority.worldSize = 14;
        majority.prepare();

        try {
            assertEquals(0.03 * SMALL, pack.scalar(), 1000);
            assertEquals(pack.scalar(), pack.jni());
            assertTrue(majority.scalar() > 0);
            assertEquals(majority.scalar(), majority.jni());
        } finally {
            pack.free();
            majority.free();
        }
    }
}
