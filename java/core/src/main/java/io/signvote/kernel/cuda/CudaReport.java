package io.signvote.kernel.cuda;

import java.util.List;

/**
 * The driver, devices and kernels of this process. The check ends at the first error.
 *
 * @param cause first error, or null if kernels can be launched.
 * @param driverVersion CUDA version of the driver, 13000 for 13.0; 0 where no driver answered.
 * @param devices one line for each device.
 * @param able ordinals of the devices that the kernels are for, in order.
 * @param module the compiled kernels, or why there are none.
 * @param needs requirements of the kernels of this build on driver and device.
 */
public record CudaReport(
        Throwable cause, int driverVersion, List<String> devices, List<Integer> able, String module, String needs) {
    /**
     * The driver's CUDA version in the usual form.
     *
     * @return such as 13.0.
     */
    public String driverVersionString() {
        return versionString(driverVersion);
    }

    static String versionString(final int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
