package io.signvote.kernel.cuda;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The emulated driver as JCuda sees it; what it does in depth is tested in C++, in {@code native/emulator/test}. */
class EmulatedDriverTest {
    private static final int N = 1000;

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final CUfunction add = new CUfunction();
    private final CUstream stream = new CUstream();
    private final CUdeviceptr source = new CUdeviceptr();
    private final CUdeviceptr target = new CUdeviceptr();

    @BeforeEach
    void reset() {
        TestDevice.requireEmulated();
        Emulator.reset();
    }

    @AfterEach
    void forget() {
        if (TestDevice.isEmulated()) {
            Emulator.reset();
        }
    }

    @Test
    void shouldLaunchAKernelAndLeaveNothing() throws Exception {
        open();
        final float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = i;
        }
        ok(JCudaDriver.cuMemcpyHtoDAsync(source, Pointer.to(values), N * Float.BYTES, stream));
        ok(JCudaDriver.cuMemsetD32Async(target, Float.floatToIntBits(0.5f), N, stream));
        launch(N);
        ok(JCudaDriver.cuMemcpyDtoHAsync(Pointer.to(values), target, N * Float.BYTES, stream));
        for (int i = 0; i < N; i++) {
            assertEquals(i + 0.5f, values[i], "i=" + i);
        }

        ok(JCudaDriver.cuMemFree(source));
        ok(JCudaDriver.cuMemFree(target));
        ok(JCudaDriver.cuStreamDestroy(stream));
        ok(JCudaDriver.cuModuleUnload(module));
        ok(JCudaDriver.cuCtxPopCurrent(context));
        ok(JCudaDriver.cuDevicePrimaryCtxRelease(device));
        TestDevice.assertClean();
    }

    @Test
    void shouldSayWhatAKernelMayNotTouch() throws Exception {
        open();
        ok(JCudaDriver.cuMemsetD32Async(source, 0, N, stream));
        ok(JCudaDriver.cuMemsetD32Async(target, 0, N, stream));
        launch(N + 1);

        assertEquals(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, JCudaDriver.cuStreamSynchronize(stream));
        assertEquals(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, JCudaDriver.cuMemFree(source));
        final String violations = Emulator.violations();
        assertMessage(violations, "out of range, 4000 bytes into device memory of 4000 bytes");
        assertEquals("", Emulator.violations());
    }

    @Test
    void shouldFailAsTold() throws Exception {
        open();
        Emulator.configure("fail=cuMemAlloc@1:2,fail=cuLaunchKernel@1:719");

        assertEquals(CUresult.CUDA_ERROR_OUT_OF_MEMORY, JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4));
        launch(N);
        assertEquals(CUresult.CUDA_ERROR_LAUNCH_FAILED, JCudaDriver.cuStreamSynchronize(stream));
        assertThrows(IllegalArgumentException.class, () -> Emulator.configure("fail=everything"));
    }

    /** A name that is missing ends the process when it is first called, which no other test would see. */
    @Test
    @Tag("system")
    void shouldHaveEveryNameThatJcudaBindsTo(@TempDir final Path directory) throws Exception {
        final Path output = directory.resolve("output");
        final ProcessBuilder builder = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Binding.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LD_BIND_NOW", "1");
        builder.environment().put("LD_LIBRARY_PATH", Emulator.folder().toString());
        final Process process = builder.start();
        try {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS), "the process did not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals("bound", Files.readString(output).strip());
    }

    /** Loads both libraries with all their names. */
    static final class Binding {
        public static void main(final String[] arguments) {
            ok(JCudaDriver.cuInit(0));
            assertEquals(
                    cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED,
                    JCublas2.cublasGetVersion(new cublasHandle(), new int[1]));
            System.out.println("bound");
        }
    }

    /** Makes a context current, which is a thing of the thread, so that a test must do it itself. */
    private void open() throws Exception {
        ok(JCudaDriver.cuDeviceGet(device, 0));
        ok(JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        ok(JCudaDriver.cuCtxPushCurrent(context));
        final byte[] image = Files.readAllBytes(Emulator.folder().resolve("kernels.emulated"));
        ok(JCudaDriver.cuModuleLoadData(module, image));
        ok(JCudaDriver.cuModuleGetFunction(add, module, "add"));
        ok(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
        ok(JCudaDriver.cuMemAlloc(source, N * Float.BYTES));
        ok(JCudaDriver.cuMemAlloc(target, N * Float.BYTES));
    }

    private void launch(final int n) {
        final Pointer parameters = Pointer.to(Pointer.to(source), Pointer.to(target), Pointer.to(new long[] {n}));
        ok(JCudaDriver.cuLaunchKernel(add, 4, 1, 1, 256, 1, 1, 0, stream, parameters, null));
    }

    private static void ok(final int result) {
        assertEquals(CUresult.CUDA_SUCCESS, result, () -> CUresult.stringFor(result));
    }
}
