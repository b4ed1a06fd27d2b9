package io.signvote.jmh.cuda;

import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.ScalarKernels;
import org.agrona.UnsafeApi;

/** Some coordinates of a set of operands, one after another, copied to the host. */
final class Window implements AutoCloseable {
    private final DeviceKernels kernels;
    private final KernelCase kernel;
    private final long first;
    private final int n;
    private final long[] addresses;
    private final int[] strides;
    private final long memory;

    /**
     * Copies.
     *
     * @param first coordinate, a multiple of 64.
     * @param n coordinates.
     */
    Window(
            final DeviceKernels kernels,
            final KernelCase kernel,
            final long[] set,
            final long[] deviceStrides,
            final long first,
            final int n,
            final long stream) {
        this.kernels = kernels;
        this.kernel = kernel;
        this.first = first;
        this.n = n;
        addresses = new long[set.length];
        strides = new int[set.length];
        memory = kernels.allocatePinned(kernel.length(n));
        long next = memory;
        for (int i = 0; i < set.length; i++) {
            final Operand operand = kernel.operands().get(i);
            addresses[i] = next;
            strides[i] = (int) (operand.stride(n) >> 3);
            for (int row = 0; row < operand.rows(); row++) {
                kernels.download(
                        set[i] + (row * deviceStrides[i] << 3) + operand.kind().length(first),
                        next,
                        operand.kind().length(n),
                        stream);
                next += operand.stride(n);
            }
        }
        kernels.await(stream);
    }

    /** Does on the host what the device did between this and a later window, and counts the bytes that differ. */
    long countDifferences(final Window later) {
        kernel.oracle().run(new ScalarKernels(), addresses, strides, n, first / Long.SIZE);
        long differences = 0;
        for (int i = 0; i < addresses.length; i++) {
            final Operand operand = kernel.operands().get(i);
            for (int row = 0; row < operand.rows(); row++) {
                final long offset = ((long) row * strides[i] << 3);
                for (long at = offset; at < offset + operand.kind().length(n); at++) {
                    if (UnsafeApi.getByte(addresses[i] + at) != UnsafeApi.getByte(later.addresses[i] + at)) {
                        differences++;
                    }
                }
            }
        }
        return differences;
    }

    @Override
    public void close() {
        kernels.freePinned(memory);
    }
}
