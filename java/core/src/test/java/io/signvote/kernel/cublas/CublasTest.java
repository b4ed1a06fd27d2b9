package io.signvote.kernel.cublas;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.OtherProcess;
import io.signvote.kernel.cuda.TestDevice;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import jcuda.jcublas.JCublas2;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("gpu")
class CublasTest {
    @BeforeEach
    void requireCublas() {
        TestDevice.require();
        // a machine with CUDA 13 alone has a library of another name: no fault of the device
        assumeTrue(
                TestDevice.isEmulated() || CublasLibrary.isAvailable(),
                () -> "cublas: " + CublasLibrary.unavailabilityCause());
        CublasLibrary.ensureAvailable();
    }

    @AfterEach
    void assertClean() {
        JCublas2.setExceptionsEnabled(false);
        TestDevice.assertClean();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void shouldMultiplyMatricesThatLieRowByRow(final boolean isTransposedA, final boolean isTransposedB) {
        final int rows = 5;
        final int columns = 7;
        final int inner = 3;
        final float[] a = random(rows * inner, 1);
        final float[] b = random(inner * columns, 2);
        final float[] c = random(rows * columns, 3);
        try (CudaDevice device = CudaDevice.open(0);
                DeviceBlas blas = Cublas.open(0);
                DeviceArrays arrays = new DeviceArrays(device)) {
            final long stream = device.newStream();
            final long target = arrays.of(c);

            blas.multiply(
                    isTransposedA,
                    isTransposedB,
                    rows,
                    columns,
                    inner,
                    2,
                    arrays.of(a),
                    arrays.of(b),
                    0.5f,
                    target,
                    stream);
            device.await(stream);

            final float[] actual = arrays.floats(target, rows * columns);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    double expected = 0.5 * c[row * columns + column];
                    for (int k = 0; k < inner; k++) {
                        final float left = isTransposedA ? a[k * rows + row] : a[row * inner + k];
                        final float right = isTransposedB ? b[column * inner + k] : b[k * columns + column];
                        expected += 2.0 * left * right;
                    }
                    assertEquals(expected, actual[row * columns + column], 1e-5, "row " + row + " column " + column);
                }
            }
        }
    }

    @Test
    void shouldGiveNormsAndSums() {
        final int n = 1_001;
        final float[] values = random(n, 4);
        final float[] ones = new float[n];
        Arrays.fill(ones, 1);
        try (CudaDevice device = CudaDevice.open(0);
                DeviceBlas blas = Cublas.open(0);
                DeviceArrays arrays = new DeviceArrays(device)) {
            final long x = arrays.of(values);
            final long results = arrays.of(new float[3]);

            blas.norm(x, n, results, 0);
            blas.absoluteSum(x, n, results + 4, 0);
            blas.dot(x, arrays.of(ones), n, results + 8, 0);
            device.await(0);

            double squares = 0;
            double magnitudes = 0;
            double sum = 0;
            for (final float value : values) {
                squares += (double) value * value;
                magnitudes += Math.abs(value);
                sum += value;
            }
            final float[] actual = arrays.floats(results, 3);
            assertEquals(Math.sqrt(squares), actual[0], 1e-3);
            assertEquals(magnitudes, actual[1], 1e-2);
            assertEquals(sum, actual[2], 1e-2);
        }
    }

    @Test
    void shouldMultiplyElementByElementInPlace() {
        try (CudaDevice device = CudaDevice.open(0);
                DeviceBlas blas = Cublas.open(0);
                DeviceArrays arrays = new DeviceArrays(device)) {
            final long x = arrays.of(new float[] {1, -2, 3, 0.5f});

            blas.multiplyElements(x, arrays.of(new float[] {2, 0, -1, 4}), 4, x, 0);
            device.await(0);

            assertArrayEquals(new float[] {2, -0f, -3, 2}, arrays.floats(x, 4));
        }
    }

    @Test
    void shouldNameTheSizesOfWhatIsRefusedWhetherJcublasThrowsOrReturns() {
        for (final boolean isThrowing : new boolean[] {false, true}) {
            JCublas2.setExceptionsEnabled(isThrowing);
            try (DeviceBlas blas = Cublas.open(0)) {
                final String message = assertThrows(
                                DeviceException.class, () -> blas.multiply(false, false, 2, -3, 4, 1, 0, 0, 0, 0, 0))
                        .getMessage();

                assertEquals("cublasSgemm failed: 7 CUBLAS_STATUS_INVALID_VALUE, rows=2 columns=-3 inner=4", message);
            }
        }
    }

    /** What the library holds goes with the context; ours is given back, also where it cannot even be entered. */
    @ParameterizedTest
    @ValueSource(strings = {"clean", "sticky"})
    void shouldCloseWhereTheDeviceIsLost(final String stack) {
        TestDevice.configure("stack=" + stack + ",fail=cuLaunchKernel@1:700");
        final DeviceBlas blas = Cublas.open(0);
        try (CudaDevice device = CudaDevice.open(0)) {
            final long memory = device.allocate(1 << 16);
            device.add(memory, memory + (1 << 15), 5_000, 0);
            assertThrows(DeviceException.class, () -> device.await(0));
            assertThrows(DeviceException.class, () -> blas.norm(memory, 1, memory + 64, 0));
        }

        blas.close();
        blas.close();
    }

    @Test
    void shouldSayWhatIsMissing(@TempDir final Path directory) throws Exception {
        TestDevice.requireEmulated();
        final String classPath = System.getProperty("java.class.path");
        final String without = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(jar -> !jar.contains("jcublas"))
                .collect(Collectors.joining(File.pathSeparator));
        final Path driverAlone = Files.createDirectory(directory.resolve("driver"));
        Files.copy(Path.of(System.getenv("LD_LIBRARY_PATH"), "libcuda.so.1"), driverAlone.resolve("libcuda.so.1"));

        final String noJar = probe(directory, without, Map.of());
        final String noLibrary = probe(directory, classPath, Map.of("LD_LIBRARY_PATH", driverAlone.toString()));
        final String noDriver = probe(directory, classPath, Map.of("LD_LIBRARY_PATH", "/nowhere"));

        assertMessage(noJar, "cublas is unavailable: jcublas is not on the class path, add org.jcuda:jcublas:12.6.0");
        assertMessage(
                noLibrary,
                "cublas is unavailable: libcublas.so.12: cannot open shared object file",
                "install cuBLAS of CUDA 12");
        assertMessage(noDriver, "cuda kernels are unavailable: libcuda.so.1: cannot open");
    }

    private static String probe(final Path directory, final String classPath, final Map<String, String> environment)
            throws Exception {
        final String output = OtherProcess.run(
                Probe.class,
                directory,
                classPath,
                environment,
                "-Dsignvote.cuda.module=" + System.getProperty("signvote.cuda.module"));
        assertFalse(output.contains("is available"), output);
        return output;
    }

    private static float[] random(final int n, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    /** Says why there is no cuBLAS. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            try {
                CublasLibrary.ensureAvailable();
                System.out.println("cublas is available");
            } catch (final BackendUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
