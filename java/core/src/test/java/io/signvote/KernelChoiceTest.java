package io.signvote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.ReduceOp;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoiceTest {
    @Test
    void shouldGiveTheBackendThatIsNamedAndSayWhy() {
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());

        final KernelChoice scalar = KernelChoice.of("scalar", "avx2", 0);
        final KernelChoice named = KernelChoice.of("native", "scalar", 0);
        final KernelChoice best = KernelChoice.of("auto", "scalar", 0);

        assertEquals("scalar", scalar.kernels().name());
        assertEquals("asked for", scalar.reason());
        assertEquals("native", named.kernels().name());
        assertEquals("asked for, tier scalar", named.reason());
        assertEquals("native", best.kernels().name());
        assertEquals("best available, tier scalar", best.reason());
    }

    @Test
    void shouldFallBackOnlyWhereNobodyNamedABackend(@TempDir final Path directory) throws Exception {
        final String output =
                FreshProcess.run(directory, Probe.class, Map.of(), "-Dsignvote.native.path=/nowhere/libsignvote.so");

        assertTrue(output.contains("auto: scalar (native is unavailable: "), output);
        assertTrue(output.contains("native: native kernels are unavailable: "), output);
        assertEquals(2, output.split("/nowhere/libsignvote.so", -1).length - 1, output);
        assertTrue(output.contains("or signvote.kernel=scalar"), output);
    }

    @Test
    void shouldNeverFallBackFromCuda(@TempDir final Path directory) throws Exception {
        final String output = FreshProcess.run(
                directory, Probe.class, Map.of("LD_LIBRARY_PATH", "/nowhere"), "-Dsignvote.kernel=cuda");

        assertTrue(output.contains("cuda: cuda kernels are unavailable: "), output);
        assertTrue(output.contains("or set signvote.kernel=auto"), output);
    }

    @Test
    @Tag("gpu")
    void shouldTakeTheDeviceOnlyWhereItIsNamed() {
        TestDevice.require();
        try (KernelChoice cuda = KernelChoice.of("cuda", "avx2", 0);
                KernelChoice best = KernelChoice.of("auto", "avx2", 0)) {
            assertEquals("cuda", cuda.kernels().name());
            assertTrue(cuda.reason().startsWith("asked for, device 0, "), cuda.reason());
            assertNotEquals("cuda", best.kernels().name());
        }
        TestDevice.assertClean();
    }

    @Test
    void shouldRefuseNamesThatAreNone() {
        final ConfigurationException kernel =
                assertThrows(ConfigurationException.class, () -> KernelChoice.of("cpu", "avx2", 0));
        assertEquals("signvote.kernel=cpu, expected auto, scalar, native or cuda", kernel.getMessage());

        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());
        final ConfigurationException tier =
                assertThrows(ConfigurationException.class, () -> KernelChoice.of("native", "avx9", 0));
        assertTrue(tier.getMessage().contains("avx9"), tier.getMessage());
    }

    @Test
    void shouldPutTheDecoratorBeforeAllArithmetic() {
        final List<String> calls = new ArrayList<>();
        final Context context = new Context()
                .kernel("scalar")
                .kernelDecorator(kernels -> (Kernels) Proxy.newProxyInstance(
                        Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                            calls.add(method.getName());
                            return method.invoke(kernels, arguments);
                        }));
        final float[] values = {2, -3, 4};
        final float[] verdict = new float[3];

        try (Communicator communicator = Communicator.createLocal(1, context)[0]) {
            communicator.allReduce(values, verdict, ReduceOp.MAJORITY);
        }

        assertArrayEquals(new float[] {1, -1, 1}, verdict);
        assertEquals(List.of("packSigns", "majority", "unpackSigns"), calls);
    }

    @Test
    void shouldRefuseADecoratorThatGivesNothing() {
        final Context context = new Context().kernel("scalar").kernelDecorator(kernels -> null);

        final ConfigurationException error =
                assertThrows(ConfigurationException.class, () -> Communicator.createLocal(1, context));

        assertEquals(
                "kernelDecorator gave null, return the scalar kernels or what stands before them", error.getMessage());
    }

    @Test
    @Tag("gpu")
    void shouldGiveBackWhatStandsBehindADecorator() {
        TestDevice.require();
        final Context context = new Context().kernel("cuda").kernelDecorator(kernels -> new ScalarKernels());
        try (KernelChoice choice = KernelChoice.of(context)) {
            assertEquals("scalar", choice.kernels().name());
            assertEquals("cuda", choice.chosen().name());
        }
        TestDevice.assertClean();
    }

    /** Prints what a process without the native library is given. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            for (final String name : new String[] {"auto", "native", "cuda"}) {
                try {
                    final KernelChoice choice = KernelChoice.of(name, "avx2", 0);
                    System.out.println(name + ": " + choice.kernels().name() + " (" + choice.reason() + ")");
                } catch (final VoteException error) {
                    System.out.println(name + ": " + error.getMessage());
                }
            }
        }
    }
}
