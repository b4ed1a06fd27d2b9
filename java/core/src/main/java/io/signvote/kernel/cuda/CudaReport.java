package io.signvote.kernel.cuda;

import java.util.List;

/**
 * What was found of CUDA in this process, as far as the search came.
 *
 * @param cause what went wrong first, or null where kernels can be launched.
 * @param driverVersion CUDA version of the driver, 13000 for 13.0; 0 where no driver answered.
 * @param devices one line for each device.
 * @param able ordinals of the devices that the kernels are for, in order.
 * @param module the compiled kernels, or why there are none.
 * @param needs what the kernels of this build need of driver and device.
 */
public record CudaReport(
        Throwable cause, int driverVersion, List<String> devices, List<Integer> able, String module, String needs) {
    /**
     * The driver's CUDA version as people write it.
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
