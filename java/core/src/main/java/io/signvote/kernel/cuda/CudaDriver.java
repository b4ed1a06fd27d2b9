package io.signvote.kernel.cuda;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import java.util.List;

/**
 * Whether this process has CUDA: a value, found when first asked for, once. JCuda itself may be missing, so nothing of it is
 * named here.
 */
public final class CudaDriver {
    private static final String JCUDA = "jcuda.driver.JCudaDriver";

    private CudaDriver() {}

    /**
     * Whether kernels can be launched: JCuda, driver, a device and compiled kernels are there.
     *
     * @return true when devices can be opened.
     */
    public static boolean isAvailable() {
        return Found.REPORT.cause() == null;
    }

    /**
     * Why kernels cannot be launched.
     *
     * @return what went wrong first, or null where they can.
     */
    public static Throwable unavailabilityCause() {
        return Found.REPORT.cause();
    }

    /**
     * Insists on CUDA.
     *
     * @throws BackendUnavailableException with the first cause and the remedy.
     */
    public static void ensureAvailable() {
        final Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new BackendUnavailableException(
                    "cuda kernels are unavailable: " + cause.getMessage() + "; or set signvote.kernel=auto", cause);
        }
    }

    /**
     * What was found.
     *
     * @return report for people.
     */
    public static CudaReport report() {
        return Found.REPORT;
    }

    /**
     * The device that a rank takes.
     *
     * @param device ordinal, or -1 for one by the rank's place on its host.
     * @param localRank place of the rank among those of its host.
     * @return ordinal of a device that is there.
     * @throws BackendUnavailableException where CUDA is not available.
     * @throws ConfigurationException where there is no such device.
     */
    public static int ordinal(final int device, final int localRank) {
        ensureAvailable();
        final int count = Found.REPORT.devices().size();
        if (device >= count) {
            throw new ConfigurationException(
                    "signvote.device=" + device + ", this machine has devices 0 to " + (count - 1));
        }
        return device >= 0 ? device : localRank % count;
    }

    private static CudaReport look() {
        try {
            Class.forName(JCUDA, false, CudaDriver.class.getClassLoader());
        } catch (final ClassNotFoundException | LinkageError e) {
            final NoClassDefFoundError clear = new NoClassDefFoundError(
                    "jcuda is not on the class path, add org.jcuda:jcuda:12.6.0 with its natives");
            clear.initCause(e);
            return new CudaReport(clear, 0, List.of(), "not looked for");
        }
        return Discovery.look();
    }

    private static final class Found {
        static final CudaReport REPORT = look();
    }
}
