package io.signvote.kernel.cuda;

import io.signvote.bits.HeapArrays;
import io.signvote.kernel.DeviceKernels;
import org.agrona.UnsafeApi;

/** Arrays of the heap on a device and back, waiting for each: what a test puts in and looks at. */
public final class DeviceArrays implements AutoCloseable {
    private final DeviceKernels kernels;
    private final long stream;

    /** Arrays on a device, by a stream of their own. */
    public DeviceArrays(final DeviceKernels kernels) {
        this.kernels = kernels;
        stream = kernels.newStream();
    }

    /** A copy on the device. */
    public long of(final float[] values) {
        final long address = kernels.allocate(4L * values.length);
        put(values, address);
        return address;
    }

    /** A copy on the device. */
    public long of(final short[] values) {
        final long address = kernels.allocate(2L * values.length);
        final long pinned = kernels.allocatePinned(2L * values.length);
        for (int i = 0; i < values.length; i++) {
            UnsafeApi.putShort(pinned + 2L * i, values[i]);
        }
        upload(pinned, address, 2L * values.length);
        return address;
    }

    /** A copy on the device. */
    public long of(final long[] values) {
        final long address = kernels.allocate(8L * values.length);
        final long pinned = kernels.allocatePinned(8L * values.length);
        for (int i = 0; i < values.length; i++) {
            UnsafeApi.putLong(pinned + 8L * i, values[i]);
        }
        upload(pinned, address, 8L * values.length);
        return address;
    }

    /** Overwrites device memory. */
    public void put(final float[] values, final long address) {
        final long pinned = kernels.allocatePinned(4L * values.length);
        HeapArrays.copy(values, pinned, values.length);
        upload(pinned, address, 4L * values.length);
    }

    /** Reads device memory, once this stream is done. */
    public float[] floats(final long address, final int n) {
        final float[] values = new float[n];
        final long pinned = download(address, 4L * n);
        HeapArrays.copy(pinned, values, n);
        kernels.freePinned(pinned);
        return values;
    }

    /** Reads device memory, once this stream is done. */
    public long[] words(final long address, final int n) {
        final long[] values = new long[n];
        final long pinned = download(address, 8L * n);
        for (int i = 0; i < n; i++) {
            values[i] = UnsafeApi.getLong(pinned + 8L * i);
        }
        kernels.freePinned(pinned);
        return values;
    }

    @Override
    public void close() {
        kernels.closeStream(stream);
    }

    private void upload(final long pinned, final long address, final long length) {
        kernels.upload(pinned, address, length, stream);
        kernels.await(stream);
        kernels.freePinned(pinned);
    }

    private long download(final long address, final long length) {
        final long pinned = kernels.allocatePinned(length);
        kernels.download(address, pinned, length, stream);
        kernels.await(stream);
        return pinned;
    }
}
