package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.ReduceOp;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelChoiceTest {
    @Test
    void shouldGiveTheBackendThatIsNamedAndSayWhy() {
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());

        final KernelChoice scalar = KernelChoice.of("scalar", "avx2");
        final KernelChoice named = KernelChoice.of("native", "scalar");
        final KernelChoice best = KernelChoice.of("auto", "scalar");

        assertEquals("scalar", scalar.kernels().name());
        assertEquals("set by signvote.kernel", scalar.reason());
        assertEquals("native", named.kernels().name());
        assertEquals("set by signvote.kernel, tier scalar", named.reason());
        assertEquals("native", best.kernels().name());
        assertEquals("best available, tier scalar", best.reason());
    }

    @Test
    void shouldFallBackOnlyWhereNobodyNamedABackend(@TempDir final Path directory) throws Exception {
        final String output =
                FreshProcess.run(directory, Probe.class, Map.of(), "-Dsignvote.native.path=/nowhere/libsignvote.so");

        assertMessage(output, "auto: scalar (native is unavailable: ", "native: native kernels are unavailable: ");
        assertEquals(2, output.split("/nowhere/libsignvote.so", -1).length - 1, output);
        assertMessage(output, "or signvote.kernel=scalar");
    }

    @Test
    void shouldReadThePathOfTheLibraryFromItsVariableToo(@TempDir final Path directory) throws Exception {
        final String output =
                FreshProcess.run(directory, Probe.class, Map.of("SIGNVOTE_NATIVE_PATH", "/nowhere/libsignvote.so"));

        assertMessage(output, "native: native kernels are unavailable: ");
        assertEquals(2, output.split("/nowhere/libsignvote.so", -1).length - 1, output);
    }

    /** A GPU is no backend for memory of the host. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cuda", "Native"})
    void shouldRefuseNamesThatAreNone(final String name) {
        final ConfigurationException error =
                assertThrows(ConfigurationException.class, () -> KernelChoice.of(name, "avx2"));

        assertEquals("signvote.kernel=" + name + ", expected auto, scalar or native", error.getMessage());
    }

    @Test
    void shouldRefuseTiersThatAreNone() {
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());
        final ConfigurationException tier =
                assertThrows(ConfigurationException.class, () -> KernelChoice.of("native", "avx9"));
        assertMessage(tier, "avx9");
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
                "kernelDecorator returned null, return the scalar kernels or a wrapper of them", error.getMessage());
    }

    /** Prints what a process without the native library is given. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            for (final String name : new String[] {"auto", "native"}) {
                try {
                    final KernelChoice choice = KernelChoice.of(name, "avx2");
                    System.out.println(name + ": " + choice.kernels().name() + " (" + choice.reason() + ")");
                } catch (final VoteException error) {
                    System.out.println(name + ": " + error.getMessage());
                }
            }
        }
    }
}
