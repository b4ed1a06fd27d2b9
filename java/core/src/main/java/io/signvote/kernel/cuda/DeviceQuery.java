package io.signvote.kernel.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/** Facts about a device, from the driver. Needs no context, but {@code cuInit}. */
final class DeviceQuery {
    private static final int NAME_LENGTH = 256;

    private DeviceQuery() {}

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

    /** Compute capability of a device: 75 for 7.5. */
    static int capability(final CUdevice device) {
        return 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    /** Compute capability in the usual form: 7.5 for 75. */
    static String capabilityString(final int capability) {
        return capability / 10 + "." + capability % 10;
    }

    /** Bytes of a device's memory. */
    static long memory(final CUdevice device) {
        final long[] length = new long[1];
        Cuda.call("cuDeviceTotalMem", () -> JCudaDriver.cuDeviceTotalMem(length, device));
        return length[0];
    }
}
