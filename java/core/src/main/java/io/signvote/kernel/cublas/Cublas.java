package io.signvote.kernel.cublas;

import io.signvote.bits.OffHeap;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.cuda.JcudaLibrary;
import io.signvote.kernel.cuda.PrimaryContext;
import io.signvote.kernel.cuda.Raw;
import java.io.IOException;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasPointerMode;
import jcuda.jcublas.cublasSideMode;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/** cuBLAS on one device. Owned by one thread. */
public final class Cublas implements DeviceBlas {
    private final PrimaryContext context;
    private final cublasHandle handle = new cublasHandle();
    private final cudaStream_t stream = new cudaStream_t();
    private final Pointer x = new Pointer();
    private final Pointer y = new Pointer();
    private final Pointer target = new Pointer();
    private final OffHeap factors = new OffHeap(2 * Float.BYTES);
    private final Pointer alpha = Raw.point(new Pointer(), factors.address());
    private final Pointer beta = Raw.point(new Pointer(), factors.address() + Float.BYTES);
    private boolean isClosed;

    private Cublas(final int ordinal) {
        context = new PrimaryContext(ordinal);
    }

    /**
     * Opens cuBLAS on a device.
     *
     * @param ordinal of the device, from 0.
     * @return linear algebra, to be closed.
     * @throws io.signvote.error.BackendUnavailableException where the library is not available.
     */
    public static Cublas open(final int ordinal) {
        CublasLibrary.ensureAvailable();
        final Cublas cublas = new Cublas(ordinal);
        try {
            cublas.context.enter();
            try {
                check(result(() -> JCublas2.cublasCreate(cublas.handle)), "cublasCreate", "device", ordinal);
            } finally {
                cublas.context.leave();
            }
        } catch (final RuntimeException | Error e) {
            cublas.isClosed = true;
            CloseHelper.quietCloseAll(cublas.factors, cublas.context);
            throw e;
        }
        return cublas;
    }

    /** Loads the library; what went wrong, or null. Touches JCublas. */
    static Throwable load() {
        try {
            JcudaLibrary.prepare("JCublas2", JCublas2.class);
            JCublas2.initialize();
            return null;
        } catch (final UnsatisfiedLinkError e) {
            final String told = String.valueOf(e.getMessage());
            final int at = told.indexOf("libcublas");
            final UnsatisfiedLinkError clear = new UnsatisfiedLinkError(
                    (at < 0 ? told : told.substring(at)).lines().findFirst().orElse("")
                            + ", install cuBLAS of CUDA 12 (that of CUDA 13 has another name)");
            clear.initCause(e);
            return clear;
        } catch (final IOException | LinkageError e) {
            return e;
        }
    }

    @Override
    public void multiply(
            final boolean isTransposedA,
            final boolean isTransposedB,
            final int rows,
            final int columns,
            final int inner,
            final float factor,
            final long a,
            final long b,
            final float kept,
            final long c,
            final long streamHandle) {
        begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_HOST);
        int result;
        try {
            UnsafeApi.putFloat(factors.address(), factor);
            UnsafeApi.putFloat(factors.address() + Float.BYTES, kept);
            // by columns, what lies by rows is its transpose: C' = op(B)' op(A)'
            result = JCublas2.cublasSgemm(
                    handle,
                    isTransposedB ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                    isTransposedA ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                    columns,
                    rows,
                    inner,
                    alpha,
                    Raw.point(x, b),
                    isTransposedB ? inner : columns,
                    Raw.point(y, a),
                    isTransposedA ? rows : inner,
                    beta,
                    Raw.point(target, c),
                    columns);
        } catch (final CudaException e) {
            result = resultOf(e);
        } finally {
            context.leave();
        }
        if (result != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw failure(result, "cublasSgemm", ", rows=" + rows + " columns=" + columns + " inner=" + inner);
        }
    }

    @Override
    public void norm(final long values, final int n, final long result, final long streamHandle) {
        begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_DEVICE);
        int status;
        try {
            status = JCublas2.cublasSnrm2(handle, n, Raw.point(x, values), 1, Raw.point(target, result));
        } catch (final CudaException e) {
            status = resultOf(e);
        } finally {
            context.leave();
        }
        check(status, "cublasSnrm2", "n", n);
    }

    @Override
    public void absoluteSum(final long values, final int n, final long result, final long streamHandle) {
        begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_DEVICE);
        int status;
        try {
            status = JCublas2.cublasSasum(handle, n, Raw.point(x, values), 1, Raw.point(target, result));
        } catch (final CudaException e) {
            status = resultOf(e);
        } finally {
            context.leave();
        }
        check(status, "cublasSasum", "n", n);
    }

    @Override
    public void dot(final long left, final long right, final int n, final long result, final long streamHandle) {
        begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_DEVICE);
        int status;
        try {
            status = JCublas2.cublasSdot(
                    handle, n, Raw.point(x, left), 1, Raw.point(y, right), 1, Raw.point(target, result));
        } catch (final CudaException e) {
            status = resultOf(e);
        } finally {
            context.leave();
        }
        check(status, "cublasSdot", "n", n);
    }

    @Override
    public void multiplyElements(
            final long left, final long right, final int n, final long result, final long streamHandle) {
        begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_DEVICE);
        int status;
        try {
            // a row times a diagonal
            status = JCublas2.cublasSdgmm(
                    handle,
                    cublasSideMode.CUBLAS_SIDE_RIGHT,
                    1,
                    n,
                    Raw.point(x, left),
                    1,
                    Raw.point(y, right),
                    1,
                    Raw.point(target, result),
                    1);
        } catch (final CudaException e) {
            status = resultOf(e);
        } finally {
            context.leave();
        }
        check(status, "cublasSdgmm", "n", n);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // after a lost device it cannot be destroyed, and goes with the context
        CloseHelper.closeAll(
                () -> context.release(() -> result(() -> JCublas2.cublasDestroy(handle))), factors, context);
    }

    /** Enters the context, which the caller leaves and which is there until this is closed, and says where and how results are to be had. */
    private void begin(final long streamHandle, final int pointerMode) {
        context.enter();
        int result;
        try {
            result = JCublas2.cublasSetStream(handle, Raw.point(stream, streamHandle));
            if (result == cublasStatus.CUBLAS_STATUS_SUCCESS) {
                result = JCublas2.cublasSetPointerMode(handle, pointerMode);
            }
        } catch (final CudaException e) {
            result = resultOf(e);
        }
        if (result != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            context.leave();
            throw failure(result, "cublasSetStream", "");
        }
    }

    private static int result(final java.util.function.IntSupplier call) {
        try {
            return call.getAsInt();
        } catch (final CudaException e) {
            return resultOf(e);
        }
    }

    private static void check(final int status, final String call, final String unit, final int size) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw failure(status, call, ", " + unit + "=" + size);
        }
    }

    private static DeviceException failure(final int status, final String call, final String facts) {
        return new DeviceException(call + " failed: " + status + " " + cublasStatus.stringFor(status) + facts);
    }

    /** The status that JCublas, told to throw, made an exception of: it keeps the name alone. */
    private static int resultOf(final CudaException exception) {
        for (int status = 1; status < cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED + 1; status++) {
            if (cublasStatus.stringFor(status).equals(exception.getMessage())) {
                return status;
            }
        }
        return cublasStatus.CUBLAS_STATUS_INTERNAL_ERROR;
    }
}
