package io.signvote.kernel.cuda;

import static io.signvote.kernel.cuda.Cuda.check;

import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The driver's calls on streams but for launches, by raw addresses and handles, without allocation. Needs a current context. */
final class StreamCalls implements AutoCloseable {
    private final CUstream stream = new CUstream();
    private final CUstream leader = new CUstream();
    private final CUdeviceptr source = new CUdeviceptr();
    private final CUdeviceptr target = new CUdeviceptr();
    private final Pointer host = new Pointer();
    private final CUevent event = new CUevent();

    StreamCalls() {
        Cuda.call("cuEventCreate", () -> JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }

    void upload(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        int result;
        try {
            result = JCudaDriver.cuMemcpyHtoDAsync(
                    Raw.point(target, targetAddress),
                    Raw.point(host, sourceAddress),
                    length,
                    Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuMemcpyHtoDAsync", "length", length);
    }

    void download(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        int result;
        try {
            result = JCudaDriver.cuMemcpyDtoHAsync(
                    Raw.point(host, targetAddress),
                    Raw.point(source, sourceAddress),
                    length,
                    Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuMemcpyDtoHAsync", "length", length);
    }

    void copy(final long sourceAddress, final long targetAddress, final long length, final long handle) {
        int result;
        try {
            result = JCudaDriver.cuMemcpyDtoDAsync(
                    Raw.point(target, targetAddress),
                    Raw.point(source, sourceAddress),
                    length,
                    Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuMemcpyDtoDAsync", "length", length);
    }

    void clear(final long targetAddress, final long length, final long handle) {
        int result;
        try {
            result = JCudaDriver.cuMemsetD8Async(
                    Raw.point(target, targetAddress), (byte) 0, length, Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuMemsetD8Async", "length", length);
    }

    void write(final long targetAddress, final int value, final long handle) {
        int result;
        try {
            result =
                    JCudaDriver.cuMemsetD32Async(Raw.point(target, targetAddress), value, 1, Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuMemsetD32Async", "value", value);
    }

    /** One event is enough: a wait is for what the event recorded when the wait was asked for. */
    void follow(final long handle, final long leaderHandle) {
        int result;
        try {
            result = JCudaDriver.cuEventRecord(event, Raw.point(leader, leaderHandle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuEventRecord", "", 0);
        try {
            result = JCudaDriver.cuStreamWaitEvent(Raw.point(stream, handle), event, 0);
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuStreamWaitEvent", "", 0);
    }

    boolean isIdle(final long handle) {
        int result;
        try {
            result = JCudaDriver.cuStreamQuery(Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        if (result == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        check(result, "cuStreamQuery", "", 0);
        return true;
    }

    void await(final long handle) {
        int result;
        try {
            result = JCudaDriver.cuStreamSynchronize(Raw.point(stream, handle));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuStreamSynchronize", "", 0);
    }

    @Override
    public void close() {
        Cuda.release("cuEventDestroy", () -> JCudaDriver.cuEventDestroy(event));
    }
}
