package io.signvote.kernel.cuda;

import io.signvote.error.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/** Looks for driver, devices and kernels, in that order, and keeps what went wrong first. Touches JCuda. */
final class Discovery {
    private static final int NAME_LENGTH = 256;

    private int driverVersion;
    private final List<String> devices = new ArrayList<>();
    private final List<Integer> able = new ArrayList<>();
    private String module = "not looked for";

    private Discovery() {}

    static CudaReport look() {
        final Discovery discovery = new Discovery();
        Throwable cause = null;
        try {
            discovery.findDriver();
            discovery.findDevices();
        } catch (final LinkageError | IOException | RuntimeException e) {
            cause = e;
        }
        try {
            discovery.findModule();
        } catch (final IOException | RuntimeException e) {
            discovery.module = e.getMessage();
            cause = cause == null ? e : cause;
        }
        return new CudaReport(
                cause,
                discovery.driverVersion,
                List.copyOf(discovery.devices),
                List.copyOf(discovery.able),
                discovery.module,
                ModuleImage.needs());
    }

    private void findDriver() throws IOException {
        JcudaLibrary.prepare("JCudaDriver", JCudaDriver.class);
        try {
            // the first touch, which loads libcuda
            Cuda.call("cuInit", () -> JCudaDriver.cuInit(0));
        } catch (final UnsatisfiedLinkError e) {
            throw unloadable(e);
        }
        final int[] version = new int[1];
        Cuda.call("cuDriverGetVersion", () -> JCudaDriver.cuDriverGetVersion(version));
        driverVersion = version[0];
        final int needed = ModuleImage.cudaMajor() * 1000;
        // what an image needs that somebody named, the driver says when it is loaded
        if (driverVersion < needed && !ModuleImage.isNamed()) {
            throw new DeviceException("the driver is of CUDA " + CudaReport.versionString(driverVersion)
                    + ", the kernels need " + CudaReport.versionString(needed)
                    + (needed == 13000 ? ", driver 580 or later" : ""));
        }
    }

    private void findDevices() {
        final int[] count = new int[1];
        Cuda.call("cuDeviceGetCount", () -> JCudaDriver.cuDeviceGetCount(count));
        // what an image is for that somebody named, the driver says when it is loaded
        final int least = ModuleImage.isNamed() ? 0 : ModuleImage.capabilityLeast();
        for (int ordinal = 0; ordinal < count[0]; ordinal++) {
            final CUdevice device = device(ordinal);
            final int capability = capability(device);
            if (capability >= least) {
                able.add(ordinal);
            }
            devices.add(name(device) + ", compute capability " + capabilityString(capability) + ", "
                    + memory(device) / (1 << 20) + " MiB"
                    + (capability < least ? ", too old for these kernels: they need " + capabilityString(least) : ""));
        }
        if (devices.isEmpty()) {
            throw new DeviceException("the driver has no device, see nvidia-smi and CUDA_VISIBLE_DEVICES");
        }
        if (able.isEmpty()) {
            throw new DeviceException("no device is able: " + String.join("; ", devices));
        }
    }

    private void findModule() throws IOException {
        final ModuleImage image = ModuleImage.find();
        module = image.name() + ", " + image.bytes().length + " bytes";
    }

    static CUdevice device(final int ordinal) {
        final CUdevice device = new CUdevice();
        Cuda.call("cuDeviceGet", "device", ordinal, () -> JCudaDriver.cuDeviceGet(device, ordinal));
        return device;
    }

    static String name(final CUdevice device) {
        final byte[] name = new byte[NAME_LENGTH];
        Cuda.call("cuDeviceGetName", () -> JCudaDriver.cuDeviceGetName(name, name.length, device));
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }

    static int attribute(final CUdevice device, final int attribute) {
        final int[] value = new int[1];
        Cuda.call(
                "cuDeviceGetAttribute",
                "attribute",
                attribute,
                () -> JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    /** Major and minor of a device's compute capability, as in 75 for 7.5. */
    static int capability(final CUdevice device) {
        return 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    /** A compute capability as people write it. */
    static String capabilityString(final int capability) {
        return capability / 10 + "." + capability % 10;
    }

    private static long memory(final CUdevice device) {
        final long[] length = new long[1];
        Cuda.call("cuDeviceTotalMem", () -> JCudaDriver.cuDeviceTotalMem(length, device));
        return length[0];
    }

    /** JCuda tells of everything that it tried; what is wrong is nearly always that there is no driver. */
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
