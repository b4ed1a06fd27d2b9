package io.signvote.kernel.cuda;

import io.signvote.error.DeviceException;
import java.lang.reflect.Field;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import jcuda.CudaException;
import jcuda.driver.CUresult;

/**
 * Makes the driver's calls and checks their results. JCuda has a switch, for the whole process, that makes its calls throw instead
 * of returning a result. It belongs to the application and may be on or off. So every call passes through {@code result}, which
 * turns a {@link CudaException} back into the driver's result.
 *
 * <p>A call of the control plane may be a lambda that captures. A call of the data plane takes an object instead, and its lambda
 * captures nothing, so that it allocates nothing.
 */
final class Cuda {
    /** Of drivers later than JCuda, which knows neither. */
    private static final int CONTAINED = 226;

    private static final int TENSOR_MEMORY_LEAK = 721;
    private static final String UNKNOWN_TO_JCUDA = "INVALID CUresult: ";

    private Cuda() {}

    /** Makes a call and checks its result. */
    static void call(final String name, final IntSupplier call) {
        call(name, "", 0, call);
    }

    /** Makes a call and checks its result. An error names the size and its unit. */
    static void call(final String name, final String unit, final long size, final IntSupplier call) {
        check(result(call), name, unit, size);
    }

    /**
     * Makes a call that releases something. If the device is lost, that is gone with the context, and an earlier call has thrown the
     * error.
     */
    static void release(final String name, final IntSupplier call) {
        final int result = result(call);
        if (!isLost(result)) {
            check(result, name, "", 0);
        }
    }

    /** Makes a call of the control plane and returns its result. */
    static int result(final IntSupplier call) {
        return result(call, IntSupplier::getAsInt);
    }

    /** Makes a call on an object and returns its result. */
    static <T> int result(final T object, final ToIntFunction<T> call) {
        try {
            return call.applyAsInt(object);
        } catch (final CudaException e) {
            return resultOf(e);
        }
    }

    /**
     * Throws if a call has failed.
     *
     * @param result of the driver.
     * @param name of the call.
     * @param unit of the size, or empty for an error without a size.
     * @param size named in the error.
     */
    static void check(final int result, final String name, final String unit, final long size) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw failure(result, name, unit.isEmpty() ? "" : ", " + unit + "=" + size);
        }
    }

    /** The error of a call. */
    static DeviceException failure(final int result, final String name, final String facts) {
        return new DeviceException(name + " failed: " + result + " " + nameOf(result) + facts + remedy(result, name));
    }

    private static String nameOf(final int result) {
        return switch (result) {
            case CONTAINED -> "CUDA_ERROR_CONTAINED";
            case TENSOR_MEMORY_LEAK -> "CUDA_ERROR_TENSOR_MEMORY_LEAK";
            default -> CUresult.stringFor(result);
        };
    }

    /** The result that JCuda turned into an exception, which has only its name. */
    private static int resultOf(final CudaException exception) {
        final String told = String.valueOf(exception.getMessage());
        if (told.matches(UNKNOWN_TO_JCUDA + "\\d{1,9}")) {
            return Integer.parseInt(told.substring(UNKNOWN_TO_JCUDA.length()));
        }
        try {
            for (final Field field : CUresult.class.getFields()) {
                if (field.getType() == int.class && field.getName().equals(told)) {
                    return field.getInt(null);
                }
            }
        } catch (final IllegalAccessException e) {
            exception.addSuppressed(e);
        }
        return CUresult.CUDA_ERROR_UNKNOWN;
    }

    /**
     * Whether a result means that the context is of no use any more: each later call gives the same. The emulator's
     * results.cpp has the list too, but for the driver's or the context's end, which are no failures of a device.
     */
    static boolean isLost(final int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_DEINITIALIZED,
                    CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE,
                    CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_MPS_RPC_FAILURE,
                    CUresult.CUDA_ERROR_MPS_CLIENT_TERMINATED,
                    CONTAINED,
                    TENSOR_MEMORY_LEAK,
                    CUresult.CUDA_ERROR_UNKNOWN -> true;
            default -> false;
        };
    }

    /** Remedy for an error. A call that opens a device cannot lose it: the machine or another process refuses the device. */
    private static String remedy(final int result, final String name) {
        final boolean isOpening = name.startsWith("cuInit") || name.startsWith("cuDevice");
        if (!isOpening && isLost(result)) {
            return ", the device is lost to this process: start another";
        }
        return switch (result) {
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> ", free device memory, or vote on less at a time";
            case CUresult.CUDA_ERROR_NO_DEVICE -> ", see nvidia-smi and CUDA_VISIBLE_DEVICES";
            case CUresult.CUDA_ERROR_INVALID_IMAGE, CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
                ", build the kernels for this device";
            case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
                ", another process holds the device in exclusive mode: end that process, or run nvidia-smi -c DEFAULT";
            case CUresult.CUDA_ERROR_UNKNOWN ->
                ", the kernel module nvidia_uvm may be missing: run nvidia-modprobe -u, or restart the container";
            case CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
                ", the fabric manager does not run: start nvidia-fabricmanager, in the version of the driver";
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
                ", libcuda and the kernel module are of different versions: reboot, or install the libcuda of the module";
            case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
                ", this device does not support the compatibility libcuda: use the libcuda of the driver";
            case CUresult.CUDA_ERROR_MPS_CONNECTION_FAILED,
                    CUresult.CUDA_ERROR_MPS_RPC_FAILURE,
                    CUresult.CUDA_ERROR_MPS_CLIENT_TERMINATED ->
                ", the MPS server does not serve this process: see its log, and CUDA_MPS_PIPE_DIRECTORY";
            case CUresult.CUDA_ERROR_MPS_SERVER_NOT_READY -> ", the MPS server recovers from an error: try again";
            case CUresult.CUDA_ERROR_MPS_MAX_CLIENTS_REACHED, CUresult.CUDA_ERROR_MPS_MAX_CONNECTIONS_REACHED ->
                ", the MPS server has its maximum of clients: start fewer processes on this device";
            default -> isOfCapture(result) ? ", the stream is being captured: vote outside of the capture" : "";
        };
    }

    /** Whether an error is about the capture of a stream: 900 to 908. */
    private static boolean isOfCapture(final int result) {
        return result >= CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
                && result <= CUresult.CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
    }
}
