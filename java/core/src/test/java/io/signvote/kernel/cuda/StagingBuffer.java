package io.signvote.kernel.cuda;

import io.signvote.bits.Copies;
import io.signvote.kernel.DeviceKernels;
import org.agrona.UnsafeApi;

/**
 * A block of device memory, a block of pinned memory of the same layout, and a stream that copies between them. It carries pageable
 * memory of the host to the device and back.
 */
final class StagingBuffer implements AutoCloseable {
    private final DeviceKernels kernels;
    private final long stream;
    private final long device;
    private final long pinned;

    StagingBuffer(final DeviceKernels kernels, final long length) {
        this.kernels = kernels;
        stream = kernels.newStream();
        device = kernels.allocate(length);
        pinned = kernels.allocatePinned(length);
    }

    long stream() {
        return stream;
    }

    /** Device address of what stands at an offset. */
    long at(final long offset) {
        return device + offset;
    }

    /** Copies host memory to the device. */
    void put(final long source, final long offset, final long length) {
        Copies.copy(source, pinned + offset, length);
        kernels.upload(pinned + offset, device + offset, length, stream);
    }

    /** Asks for a copy back, for {@link #take} after {@link #await}. */
    void fetch(final long offset, final long length) {
        kernels.download(device + offset, pinned + offset, length, stream);
    }

    /** Waits until all is done that was asked for. */
    void await() {
        kernels.await(stream);
    }

    /** Copies what was fetched into host memory. */
    void take(final long offset, final long target, final long length) {
        Copies.copy(pinned + offset, target, length);
    }

    /** A word that was fetched. */
    long word(final long offset) {
        return UnsafeApi.getLong(pinned + offset);
    }

    @Override
    public void close() {
        kernels.closeStream(stream);
        kernels.free(device);
        kernels.freePinned(pinned);
    }
}
