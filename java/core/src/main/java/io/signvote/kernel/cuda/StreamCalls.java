package io.signvote.kernel.cuda;

import static io.signvote.kernel.cuda.JcudaPointers.point;

import java.util.function.ToIntFunction;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The driver's calls on streams, except launches. Addresses and handles are numbers. Needs a current context.
 *
 * <p>Calls allocate nothing. Each sets the fields below, and its lambda reads them. So the lambda captures nothing.
 */
final class StreamCalls implements AutoCloseable {
    private final CUstream stream = new CUstream();
    private final CUstream leader = new CUstream();
    private final CUdeviceptr source = new CUdeviceptr();
    private final CUdeviceptr target = new CUdeviceptr();
    private final Pointer host = new Pointer();
    private final CUevent event = new CUevent();

    /** Bytes of a copy, or the value that is written. */
    private long size;

    StreamCalls() {
        Cuda.call("cuEventCreate", () -> JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }

    void upload(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        set(length, handle);
        point(host, sourceAddress);
        point(target, targetAddress);
        call("cuMemcpyHtoDAsync", "length", c -> JCudaDriver.cuMemcpyHtoDAsync(c.target, c.host, c.size, c.stream));
    }

    void download(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        set(length, handle);
        point(source, sourceAddress);
        point(host, targetAddress);
        call("cuMemcpyDtoHAsync", "length", c -> JCudaDriver.cuMemcpyDtoHAsync(c.host, c.source, c.size, c.stream));
    }

    void copy(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        set(length, handle);
        point(source, sourceAddress);
        point(target, targetAddress);
        call("cuMemcpyDtoDAsync", "length", c -> JCudaDriver.cuMemcpyDtoDAsync(c.target, c.source, c.size, c.stream));
    }

    void clear(final long targetAddress, final long length, final long handle) {
        set(length, handle);
        point(target, targetAddress);
        call("cuMemsetD8Async", "length", c -> JCudaDriver.cuMemsetD8Async(c.target, (byte) 0, c.size, c.stream));
    }

    void write(final long targetAddress, final int value, final long handle) {
        set(value, handle);
        point(target, targetAddress);
        call("cuMemsetD32Async", "value", c -> JCudaDriver.cuMemsetD32Async(c.target, (int) c.size, 1, c.stream));
    }

    /** One event is enough: a wait is for the work that the event recorded before the wait was queued. */
    void follow(final long handle, final long leaderHandle) {
        set(0, handle);
        point(leader, leaderHandle);
        call("cuEventRecord", "", c -> JCudaDriver.cuEventRecord(c.event, c.leader));
        call("cuStreamWaitEvent", "", c -> JCudaDriver.cuStreamWaitEvent(c.stream, c.event, 0));
    }

    void await(final long handle) {
        set(0, handle);
        call("cuStreamSynchronize", "", c -> JCudaDriver.cuStreamSynchronize(c.stream));
    }

    boolean isIdle(final long handle) {
        point(stream, handle);
        final int result = Cuda.result(this, c -> JCudaDriver.cuStreamQuery(c.stream));
        if (result == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        Cuda.check(result, "cuStreamQuery", "", 0);
        return true;
    }

    private void set(final long size, final long handle) {
        this.size = size;
        point(stream, handle);
    }

    /** Calls the driver. An error names the size and its unit, if there is one. */
    private void call(final String name, final String unit, final ToIntFunction<StreamCalls> call) {
        Cuda.check(Cuda.result(this, call), name, unit, size);
    }

    @Override
    public void close() {
        Cuda.release("cuEventDestroy", () -> JCudaDriver.cuEventDestroy(event));
    }
}
