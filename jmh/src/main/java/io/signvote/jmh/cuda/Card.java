package io.signvote.jmh.cuda;

import io.signvote.kernel.cuda.CudaDevice;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;

/** A card with a stream and the events that time it. Its context is current on the thread that opened it, until it is closed. */
final class Card implements AutoCloseable {
    private static final String EMULATED = "SignVote emulated device";

    /** What is copied before a measurement, so that the host is ahead of the card when it begins. */
    private static final long HEAD_START_LENGTH = 128L << 20;

    private static final int LAUNCHES_PER_HEAD_START = 16;

    private final CudaDevice kernels;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final Stream stream = new Stream();
    private final CUevent start = new CUevent();
    private final CUevent end = new CUevent();
    private long headStart;

    private Card(final int ordinal) {
        kernels = CudaDevice.open(ordinal);
        check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet");
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        check(JCudaDriver.cuCtxPushCurrent(context), "cuCtxPushCurrent");
        check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        check(JCudaDriver.cuEventCreate(start, 0), "cuEventCreate");
        check(JCudaDriver.cuEventCreate(end, 0), "cuEventCreate");
    }

    /**
     * Opens a card.
     *
     * @param ordinal of the device.
     * @param isEmulated whether the caller knows that it is none: emulated devices are for trying programs out, not for times.
     */
    static Card open(final int ordinal, final boolean isEmulated) {
        final Card card = new Card(ordinal);
        if (card.kernels.deviceName().startsWith(EMULATED) != isEmulated) {
            final String name = card.kernels.deviceName();
            card.close();
            throw new IllegalStateException("device " + ordinal + " is " + name + ", "
                    + (isEmulated ? "leave out --emulated" : "use --emulated to try the program without times"));
        }
        return card;
    }

    CudaDevice kernels() {
        return kernels;
    }

    String name() {
        return kernels.deviceName();
    }

    long stream() {
        return stream.handle();
    }

    int driverVersion() {
        final int[] version = new int[1];
        check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
        return version[0];
    }

    long l2Length() {
        final int[] length = new int[1];
        check(
                JCudaDriver.cuDeviceGetAttribute(length, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, device),
                "cuDeviceGetAttribute");
        return length[0];
    }

    long freeLength() {
        final long[] free = new long[1];
        final long[] total = new long[1];
        check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
        return free[0];
    }

    /**
     * Times work on the card, by its own events.
     *
     * @param launches how often the work asks the card for something.
     * @param work asks for it all in our stream and does not wait.
     * @return milliseconds between the beginning of the first and the end of the last.
     */
    double time(final int launches, final Runnable work) {
        if (headStart == 0) {
            headStart = kernels.allocate(2 * HEAD_START_LENGTH);
        }
        for (int i = 0; i <= launches / LAUNCHES_PER_HEAD_START; i++) {
            kernels.copy(headStart, headStart + HEAD_START_LENGTH, HEAD_START_LENGTH, stream());
        }
        check(JCudaDriver.cuEventRecord(start, stream), "cuEventRecord");
        work.run();
        check(JCudaDriver.cuEventRecord(end, stream), "cuEventRecord");
        check(JCudaDriver.cuEventSynchronize(end), "cuEventSynchronize");
        final float[] milliseconds = new float[1];
        check(JCudaDriver.cuEventElapsedTime(milliseconds, start, end), "cuEventElapsedTime");
        return milliseconds[0];
    }

    @Override
    public void close() {
        JCudaDriver.cuEventDestroy(start);
        JCudaDriver.cuEventDestroy(end);
        JCudaDriver.cuStreamSynchronize(stream);
        JCudaDriver.cuStreamDestroy(stream);
        CloseHelper.quietClose(kernels);
        JCudaDriver.cuCtxPopCurrent(new CUcontext());
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }

    private static void check(final int result, final String call) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException(call + " failed: " + result + " " + CUresult.stringFor(result));
        }
    }

    /** A stream of ours, as a framework's would be, that tells its handle. */
    private static final class Stream extends CUstream {
        long handle() {
            return getNativePointer();
        }
    }
}
