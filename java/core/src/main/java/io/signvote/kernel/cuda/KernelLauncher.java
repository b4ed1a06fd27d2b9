package io.signvote.kernel.cuda;

import io.signvote.bits.OffHeap;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;

/**
 * Launches kernels. The driver reads the arguments during the launch, so they are outside the heap. Behind them is a table of their
 * addresses, which is written once. A launch writes the values and makes one call. It allocates nothing.
 *
 * <pre>
 * | argument 0 | argument 1 | ... | argument 11 | address of argument 0 | ... | address of argument 11 |   8 bytes each
 * </pre>
 */
final class KernelLauncher implements AutoCloseable {
    private static final int ARGUMENTS_MAX = 12;

    private final CUfunction[] functions = new CUfunction[Kernel.values().length];
    private final LaunchGeometry[] geometries = new LaunchGeometry[functions.length];
    private final CUstream stream = new CUstream();
    private final OffHeap arguments = new OffHeap(2L * ARGUMENTS_MAX * Long.BYTES);
    private final Pointer table;
    private Kernel kernel;
    private int grid;
    private long next;

    /**
     * Finds all kernels in a module that is loaded in the current context.
     *
     * @param multiprocessors of the device.
     */
    KernelLauncher(final CUmodule module, final int multiprocessors) {
        final long addresses = arguments.address() + ARGUMENTS_MAX * Long.BYTES;
        for (int i = 0; i < ARGUMENTS_MAX; i++) {
            UnsafeApi.putLong(addresses + i * Long.BYTES, arguments.address() + i * Long.BYTES);
        }
        table = JcudaPointers.point(new Pointer(), addresses);
        try {
            for (final Kernel each : Kernel.values()) {
                final CUfunction function = new CUfunction();
                Cuda.call(
                        "cuModuleGetFunction(" + each.entry + ")",
                        () -> JCudaDriver.cuModuleGetFunction(function, module, each.entry));
                functions[each.ordinal()] = function;
                final int[] blocks = new int[1];
                Cuda.call(
                        "cuOccupancyMaxActiveBlocksPerMultiprocessor(" + each.entry + ")",
                        () -> JCudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor(
                                blocks, function, LaunchGeometry.BLOCK, 0));
                geometries[each.ordinal()] = new LaunchGeometry(multiprocessors, blocks[0]);
            }
        } catch (final RuntimeException | Error e) {
            arguments.close();
            throw e;
        }
    }

    /** Begins the launch of a kernel; its arguments follow in their order. */
    KernelLauncher of(final Kernel kernel) {
        this.kernel = kernel;
        next = arguments.address();
        return this;
    }

    /** An argument of 64 bits. */
    KernelLauncher put(final long value) {
        UnsafeApi.putLong(next, value);
        next += Long.BYTES;
        return this;
    }

    /** An argument of 32 bits. */
    KernelLauncher put(final int value) {
        UnsafeApi.putInt(next, value);
        next += Long.BYTES;
        return this;
    }

    /** An argument of 32 bits. */
    KernelLauncher put(final float value) {
        UnsafeApi.putFloat(next, value);
        next += Long.BYTES;
        return this;
    }

    /** Launches a kernel whose threads walk over coordinates. */
    void launchOverCoordinates(final long n, final long streamHandle) {
        launch(geometries[kernel.ordinal()].gridOfCoordinates(n), streamHandle, "n", n);
    }

    /** Launches a kernel whose threads walk over words. */
    void launchOverWords(final long words, final long streamHandle) {
        launch(geometries[kernel.ordinal()].gridOfWords(words), streamHandle, "words", words);
    }

    /** Launches. An error names the size and its unit. */
    private void launch(final int grid, final long streamHandle, final String unit, final long size) {
        assert next <= arguments.address() + ARGUMENTS_MAX * Long.BYTES : kernel + " has too many arguments";
        JcudaPointers.point(stream, streamHandle);
        this.grid = grid;
        final int result = Cuda.result(
                this,
                launch -> JCudaDriver.cuLaunchKernel(
                        launch.functions[launch.kernel.ordinal()],
                        launch.grid,
                        1,
                        1,
                        LaunchGeometry.BLOCK,
                        1,
                        1,
                        0,
                        launch.stream,
                        launch.table,
                        null));
        if (result != CUresult.CUDA_SUCCESS) {
            throw Cuda.failure(
                    result,
                    kernel.launch,
                    ", grid=" + grid + " block=" + LaunchGeometry.BLOCK + " " + unit + "=" + size);
        }
    }

    @Override
    public void close() {
        arguments.close();
    }
}
