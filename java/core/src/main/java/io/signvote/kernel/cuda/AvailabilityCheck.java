package io.signvote.kernel.cuda;

import io.signvote.error.DeviceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/** Looks for the driver, devices and kernels, in that order, and keeps the first error. Loads JCuda. */
final class AvailabilityCheck {
    private int driverVersion;
    private final List<String> devices = new ArrayList<>();
    private final List<Integer> able = new ArrayList<>();
    private String module = "not looked for";

    private AvailabilityCheck() {}

    static CudaReport look() {
        final AvailabilityCheck check = new AvailabilityCheck();
        Throwable cause = null;
        try {
            check.findDriver();
            check.findDevices();
        } catch (final LinkageError | IOException | RuntimeException e) {
            cause = e;
        }
        try {
            check.findModule();
        } catch (final IOException | RuntimeException e) {
            check.module = e.getMessage();
            cause = cause == null ? e : cause;
        }
        return new CudaReport(
                cause,
                check.driverVersion,
                List.copyOf(check.devices),
                List.copyOf(check.able),
                check.module,
                ModuleImage.needs());
    }

    private void findDriver() throws IOException {
        JcudaLibrary.prepare("JCudaDriver", JCudaDriver.class);
        try {
            // the first call loads libcuda
            Cuda.call("cuInit", () -> JCudaDriver.cuInit(0));
        } catch (final UnsatisfiedLinkError e) {
            throw unloadable(e);
        }
        final int[] version = new int[1];
        Cuda.call("cuDriverGetVersion", () -> JCudaDriver.cuDriverGetVersion(version));
        driverVersion = version[0];
        final int needed = ModuleImage.cudaMajor() * 1000;
        // for an image that a property names, the driver checks this when it loads the image
        if (driverVersion < needed && !ModuleImage.isNamed()) {
            throw new DeviceException("the driver is of CUDA " + CudaReport.versionString(driverVersion)
                    + ", the kernels need " + CudaReport.versionString(needed)
                    + (needed == 13000 ? ", driver 580 or later" : ""));
        }
    }

    private void findDevices() {
        final int[] count = new int[1];
        Cuda.call("cuDeviceGetCount", () -> JCudaDriver.cuDeviceGetCount(count));
        // for an image that a property names, the driver checks this when it loads the image
        final int least = ModuleImage.isNamed() ? 0 : ModuleImage.capabilityLeast();
        for (int ordinal = 0; ordinal < count[0]; ordinal++) {
            final CUdevice device = DeviceQuery.device(ordinal);
            final int capability = DeviceQuery.capability(device);
            if (capability >= least) {
                able.add(ordinal);
            }
            devices.add(
                    DeviceQuery.name(device) + ", compute capability " + DeviceQuery.capabilityString(capability) + ", "
                            + DeviceQuery.memory(device) / (1 << 20) + " MiB"
                            + (capability < least
                                    ? ", too old for these kernels: they need " + DeviceQuery.capabilityString(least)
                                    : ""));
        }
        if (devices.isEmpty()) {
            throw new DeviceException("the driver has no device, see nvidia-smi and CUDA_VISIBLE_DEVICES");
        }
        if (able.isEmpty()) {
            throw new DeviceException("no device can run the kernels: " + String.join("; ", devices));
        }
    }

    private void findModule() throws IOException {
        final ModuleImage image = ModuleImage.find();
        module = image.name() + ", " + image.bytes().length + " bytes";
    }

    /** JCuda lists everything that it tried. Nearly always the driver is missing, so the error says that. */
    private static UnsatisfiedLinkError unloadable(final UnsatisfiedLinkError error) {
        final String told = String.valueOf(error.getMessage());
        final int at = told.indexOf("libcuda.so.1");
        final String fact = at < 0
                ? "jcuda's native library cannot be loaded: "
                        + told.lines().findFirst().orElse("")
                : told.substring(at).lines().findFirst().orElse("") + ", install the NVIDIA driver, 580 or later";
        final UnsatisfiedLinkError clear = new UnsatisfiedLinkError(fact);
        clear.initCause(error);
        return clear;
    }
}
