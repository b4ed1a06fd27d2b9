package io.signvote.kernel.cublas;

import io.signvote.bits.OffHeap;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.cuda.JcudaLibrary;
import io.signvote.kernel.cuda.JcudaPointers;
import io.signvote.kernel.cuda.PrimaryContext;
import io.signvote.kernel.cuda.PrimaryContext.Scope;
import java.io.IOException;
import java.util.function.ToIntFunction;
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

/**
 * cuBLAS on one device. Owned by one thread.
 *
 * <p>Calls allocate nothing. Each sets the fields below, and its lambda reads them. So the lambda captures nothing.
 */
@SuppressWarnings("try") // a scope acts by being open: no statement names it
public final class Cublas implements DeviceBlas {
    private final PrimaryContext context;
    private final cublasHandle handle = new cublasHandle();
    private final cudaStream_t stream = new cudaStream_t();
    private final Pointer x = new Pointer();
    private final Pointer y = new Pointer();
    private final Pointer target = new Pointer();
    private final OffHeap factors = new OffHeap(2 * Float.BYTES);
    private final Pointer alpha = JcudaPointers.point(new Pointer(), factors.address());
    private final Pointer beta = JcudaPointers.point(new Pointer(), factors.address() + Float.BYTES);
    private int pointerMode;

    /** Floats of each vector of the call. */
    private int n;

    /** Shape of the product of the call, for its matrices row by row. */
    private boolean isTransposedX;

    private boolean isTransposedY;
    private int rows;
    private int columns;
    private int inner;
    private boolean isClosed;

    private Cublas(final int ordinal) {
        context = new PrimaryContext(ordinal);
    }

    /**
     * Opens cuBLAS on a device.
     *
     * @param ordinal of the device, from 0.
     * @return linear algebra, to be closed.
     * @throws io.signvote.error.BackendUnavailableException if the library is not available.
     */
    public static Cublas open(final int ordinal) {
        CublasLibrary.ensureAvailable();
        final Cublas cublas = new Cublas(ordinal);
        try (Scope current = cublas.context.enter()) {
            check(cublas.status(c -> JCublas2.cublasCreate(c.handle)), "cublasCreate", "device", ordinal);
        } catch (final RuntimeException | Error e) {
            cublas.isClosed = true;
            CloseHelper.quietCloseAll(cublas.factors, cublas.context);
            throw e;
        }
        return cublas;
    }

    /** Loads the library. Returns the error, or null. */
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
        try (Scope current = begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_HOST)) {
            UnsafeApi.putFloat(factors.address(), factor);
            UnsafeApi.putFloat(factors.address() + Float.BYTES, kept);
            // cuBLAS reads a matrix by columns: there, one that lies by rows is its transpose, C' = op(B)' op(A)'
            JcudaPointers.point(x, b);
            JcudaPointers.point(y, a);
            JcudaPointers.point(target, c);
            isTransposedX = isTransposedB;
            isTransposedY = isTransposedA;
            this.rows = rows;
            this.columns = columns;
            this.inner = inner;
            final int status = status(Cublas::multiply);
            if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
                throw failure(status, "cublasSgemm", ", rows=" + rows + " columns=" + columns + " inner=" + inner);
            }
        }
    }

    private int multiply() {
        return JCublas2.cublasSgemm(
                handle,
                isTransposedX ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                isTransposedY ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                columns,
                rows,
                inner,
                alpha,
                x,
                isTransposedX ? inner : columns,
                y,
                isTransposedY ? rows : inner,
                beta,
                target,
                columns);
    }

    @Override
    public void norm(final long values, final int n, final long result, final long streamHandle) {
        take(values, 0, n, result);
        call("cublasSnrm2", streamHandle, c -> JCublas2.cublasSnrm2(c.handle, c.n, c.x, 1, c.target));
    }

    @Override
    public void absoluteSum(final long values, final int n, final long result, final long streamHandle) {
        take(values, 0, n, result);
        call("cublasSasum", streamHandle, c -> JCublas2.cublasSasum(c.handle, c.n, c.x, 1, c.target));
    }

    @Override
    public void dot(final long left, final long right, final int n, final long result, final long streamHandle) {
        take(left, right, n, result);
        call("cublasSdot", streamHandle, c -> JCublas2.cublasSdot(c.handle, c.n, c.x, 1, c.y, 1, c.target));
    }

    /** Multiplies a matrix of one row by a diagonal matrix. */
    @Override
    public void multiplyElements(
            final long left, final long right, final int n, final long result, final long streamHandle) {
        take(left, right, n, result);
        call(
                "cublasSdgmm",
                streamHandle,
                c -> JCublas2.cublasSdgmm(
                        c.handle, cublasSideMode.CUBLAS_SIDE_RIGHT, 1, c.n, c.x, 1, c.y, 1, c.target, 1));
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // the handle of a lost device cannot be destroyed, and ends with the context
        CloseHelper.closeAll(
                () -> context.release(() -> status(c -> JCublas2.cublasDestroy(c.handle))), factors, context);
    }

    /** Takes the operands of a call on vectors of n floats. */
    private void take(final long left, final long right, final int n, final long result) {
        JcudaPointers.point(x, left);
        JcudaPointers.point(y, right);
        JcudaPointers.point(target, result);
        this.n = n;
    }

    /** Makes a call on vectors. Its result stays on the device. */
    private void call(final String name, final long streamHandle, final ToIntFunction<Cublas> call) {
        try (Scope current = begin(streamHandle, cublasPointerMode.CUBLAS_POINTER_MODE_DEVICE)) {
            check(status(call), name, "n", n);
        }
    }

    /** Enters the context, and sets the stream of the next call and the side that its scalars are on. */
    private Scope begin(final long streamHandle, final int pointerMode) {
        final Scope current = context.enter();
        JcudaPointers.point(stream, streamHandle);
        this.pointerMode = pointerMode;
        int status = status(c -> JCublas2.cublasSetStream(c.handle, c.stream));
        if (status == cublasStatus.CUBLAS_STATUS_SUCCESS) {
            status = status(c -> JCublas2.cublasSetPointerMode(c.handle, c.pointerMode));
        }
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            current.close();
            throw failure(status, "cublasSetStream", "");
        }
        return current;
    }

    /** Makes a call and returns its status. JCublas may throw instead, if the application has told it to. */
    private int status(final ToIntFunction<Cublas> call) {
        try {
            return call.applyAsInt(this);
        } catch (final CudaException e) {
            return statusOf(e);
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

    /** The status that JCublas turned into an exception, which has only its name. */
    private static int statusOf(final CudaException exception) {
        for (int status = 1; status < cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED + 1; status++) {
            if (cublasStatus.stringFor(status).equals(exception.getMessage())) {
                return status;
            }
        }
        return cublasStatus.CUBLAS_STATUS_INTERNAL_ERROR;
    }
}
