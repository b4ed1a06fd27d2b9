package io.signvote.kernel.cuda;

import io.signvote.error.DeviceException;
import java.lang.reflect.Field;
import jcuda.CudaException;
import jcuda.driver.CUresult;

/**
 * The one check of the driver's results. JCuda has a switch, for the whole process, by which its calls throw instead of
 * returning a result; it belongs to the application and may stand either way, so whoever calls the driver catches {@link
 * CudaException} too and turns it back with {@link #resultOf}.
 */
final class Cuda {
    /** A call of the control plane, which may allocate. */
    @FunctionalInterface
    interface Call {
        /** Calls the driver and returns its result. */
        int run();
    }

    /** Of drivers later than JCuda, which knows neither. */
    private static final int CONTAINED = 226;

    private static final int TENSOR_MEMORY_LEAK = 721;
    private static final String UNKNOWN_TO_JCUDA = "INVALID CUresult: ";

    private Cuda() {}

    /** Makes a call and checks its result. */
    static void call(final String name, final Call call) {
        call(name, "", 0, call);
    }

    /** The same with a size to tell in the error. */
    static void call(final String name, final String unit, final long size, final Call call) {
        check(result(call), name, unit, size);
    }

    /**
     * Makes a call that gives something back. Where the device is lost, it has gone with its context, and whoever used it was
     * told.
     */
    static void release(final String name, final Call call) {
        final int result = result(call);
        if (!isLost(result)) {
            check(result, name, "", 0);
        }
    }

    /** Makes a call and returns its result, however JCuda reports it. */
    static int result(final Call call) {
        try {
            return call.run();
        } catch (final CudaException e) {
            return resultOf(e);
        }
    }

    /**
     * Throws where a call has failed.
     *
     * @param result of the driver.
     * @param name of the call.
     * @param unit what the size is of, or empty.
     * @param size to tell.
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

    /** The result that JCuda made an exception of: it keeps the name alone. */
    static int resultOf(final CudaException exception) {
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
