package io.signvote.kernel.cuda;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import java.util.List;

/**
 * Whether this process has CUDA. The first call checks it, and later calls return the same value. JCuda itself may be missing, so
 * this class uses none of its classes.
 */
public final class CudaDriver {
    private static final String JCUDA = "jcuda.driver.JCudaDriver";

    private CudaDriver() {}

    /**
     * Whether kernels can be launched. They need JCuda, a driver, a device and compiled kernels.
     *
     * @return true when devices can be opened.
     */
    public static boolean isAvailable() {
        return Found.REPORT.cause() == null;
    }

    /**
     * Why kernels cannot be launched.
     *
     * @return first error, or null if they can.
     */
    public static Throwable unavailabilityCause() {
        return Found.REPORT.cause();
    }

    /**
     * Checks that CUDA is available.
     *
     * @throws BackendUnavailableException with the first cause and the remedy.
     */
    public static void ensureAvailable() {
        final Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new BackendUnavailableException("cuda kernels are unavailable: " + cause.getMessage(), cause);
        }
    }

    /**
     * The driver, devices and kernels that the check found.
     *
     * @return report for people.
     */
    public static CudaReport report() {
        return Found.REPORT;
    }

    /**
     * The device of a rank. The ranks of a host take turns over the devices that can run the kernels.
     *
     * @param localRank place of the rank among those of its host.
     * @return ordinal of a device that can run the kernels.
     * @throws BackendUnavailableException if CUDA is not available.
     */
    public static int deviceOf(final int localRank) {
        ensureAvailable();
        return deviceOf(localRank, Found.REPORT);
    }

    static int deviceOf(final int localRank, final CudaReport report) {
        return report.able().get(localRank % report.able().size());
    }

    /**
     * Checks that a device exists.
     *
     * @param device ordinal, from 0.
     * @throws BackendUnavailableException if CUDA is not available.
     * @throws ConfigurationException if there is no such device.
     */
    public static void ensureDevice(final int device) {
        ensureAvailable();
        final int count = Found.REPORT.devices().size();
        if (device < 0 || device >= count) {
            throw new ConfigurationException("device=" + device + ", this machine has devices 0 to " + (count - 1));
        }
    }

    private static CudaReport look() {
        try {
            Class.forName(JCUDA, false, CudaDriver.class.getClassLoader());
        } catch (final ClassNotFoundException | LinkageError e) {
            final NoClassDefFoundError clear = new NoClassDefFoundError(
                    "jcuda is not on the class path, add org.jcuda:jcuda:12.6.0 with its natives");
            clear.initCause(e);
            return new CudaReport(clear, 0, List.of(), List.of(), "not looked for", ModuleImage.needs());
        }
        return AvailabilityCheck.look();
    }

    private static final class Found {
        static final CudaReport REPORT = look();
    }
}
