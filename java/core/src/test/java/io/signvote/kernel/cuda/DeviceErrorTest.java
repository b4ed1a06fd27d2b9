package io.signvote.kernel.cuda;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.DeviceException;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver refuses, at once or late: an error with call, geometry and sizes, and nothing left on the device. */
class DeviceErrorTest {
    @BeforeEach
    void requireEmulatedDevice() {
        TestDevice.requireEmulated();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @Test
    void shouldNameKernelGeometryAndSizeOfALaunch() {
        try (CudaDevice device = CudaDevice.open(0)) {
            final long memory = device.allocate(1 << 16);

            final String message = assertThrows(
                            DeviceException.class, () -> device.add(memory, memory + (1 << 15), 5_000, 0xBAD))
                    .getMessage();

            assertEquals("cuLaunchKernel(add) failed: 400 CUDA_ERROR_INVALID_HANDLE, grid=3 block=256 n=5000", message);
            assertFalse(Emulator.violations().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 12", "8, 32", "16, 32"})
    void shouldLaunchAsManyBlocksAsTheDeviceHoldsAtOnce(final int occupancy, final int grid) {
        TestDevice.configure("occupancy=" + occupancy);
        try (CudaDevice device = CudaDevice.open(0)) {
            final String message = assertThrows(DeviceException.class, () -> device.add(1, 1, 5_000_000, 0xBAD))
                    .getMessage();

            assertMessage(message, ", grid=" + grid + " block=256 n=5000000");
            assertFalse(Emulator.violations().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "46, another process holds the device in exclusive mode",
        "802, the fabric manager does not run",
        "803, libcuda and the kernel module are of different versions",
        "804, this device does not support the compatibility libcuda",
        "805, the MPS server does not serve this process",
        "806, the MPS server does not serve this process",
        "807, the MPS server recovers from an error",
        "808, the MPS server has its maximum of clients",
        "809, the MPS server has its maximum of clients",
        "810, the MPS server does not serve this process",
        "999, the kernel module nvidia_uvm may be missing",
    })
    void shouldSayWhyTheDeviceCannotBeOpened(final int result, final String reason) {
        TestDevice.configure("fail=cuDevicePrimaryCtxRetain@1:" + result);

        final String message =
                assertThrows(DeviceException.class, () -> CudaDevice.open(0)).getMessage();

        assertTrue(message.startsWith("cuDevicePrimaryCtxRetain failed: " + result + " CUDA_ERROR_"), message);
        assertMessage(message, reason);
        assertFalse(message.contains("lost"), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {900, 901, 902, 903, 904, 905, 906, 907, 908})
    void shouldSayThatTheStreamIsCaptured(final int result) {
        TestDevice.configure("fail=cuEventRecord@1:" + result);
        try (CudaDevice device = CudaDevice.open(0)) {
            final String message = assertThrows(DeviceException.class, () -> device.follow(0, 0))
                    .getMessage();

            assertTrue(message.startsWith("cuEventRecord failed: " + result + " CUDA_ERROR_"), message);
            assertTrue(message.endsWith(", the stream is being captured: vote outside of the capture"), message);
        }
    }

    @Test
    void shouldNameTheLengthOfACopy() {
        try (CudaDevice device = CudaDevice.open(0)) {
            final long memory = device.allocate(4096);
            final long pinned = device.allocatePinned(8192);

            final String message = assertThrows(DeviceException.class, () -> device.download(memory, pinned, 8192, 0))
                    .getMessage();

            assertTrue(message.startsWith("cuMemcpyDtoHAsync failed: "), message);
            assertMessage(message, ", length=8192");
            assertFalse(Emulator.violations().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "700, CUDA_ERROR_ILLEGAL_ADDRESS",
        "719, CUDA_ERROR_LAUNCH_FAILED",
        "214, CUDA_ERROR_ECC_UNCORRECTABLE",
        "220, CUDA_ERROR_NVLINK_UNCORRECTABLE",
        "702, CUDA_ERROR_LAUNCH_TIMEOUT",
        "806, CUDA_ERROR_MPS_RPC_FAILURE",
        "810, CUDA_ERROR_MPS_CLIENT_TERMINATED",
        // later than JCuda
        "226, CUDA_ERROR_CONTAINED",
        "721, CUDA_ERROR_TENSOR_MEMORY_LEAK",
        "999, CUDA_ERROR_UNKNOWN",
    })
    void shouldSayThatTheDeviceIsLostAndCloseAllTheSame(final int result, final String name) {
        TestDevice.configure("fail=cuLaunchKernel@1:" + result);
        final CudaDevice device = CudaDevice.open(0);
        final long memory = device.allocate(1 << 16);
        final long stream = device.newStream();
        device.add(memory, memory + (1 << 15), 5_000, stream);

        final String first =
                assertThrows(DeviceException.class, () -> device.await(stream)).getMessage();
        final String later =
                assertThrows(DeviceException.class, () -> device.isIdle(stream)).getMessage();
        device.free(memory);
        device.closeStream(stream);
        device.close();
        device.close();

        final String fact = result + " " + name + ", the device is lost to this process: start another";
        assertEquals("cuStreamSynchronize failed: " + fact, first);
        assertEquals("cuStreamQuery failed: " + fact, later);
    }

    /** JCuda, told to throw, has no name for what it does not know, but its number. */
    @Test
    void shouldKnowThatTheDeviceIsLostByAResultLaterThanJcuda() {
        JCudaDriver.setExceptionsEnabled(true);
        try {
            TestDevice.configure("fail=cuLaunchKernel@1:226");
            final CudaDevice device = CudaDevice.open(0);
            final long memory = device.allocate(1 << 16);
            device.add(memory, memory + (1 << 15), 5_000, 0);

            final String message =
                    assertThrows(DeviceException.class, () -> device.await(0)).getMessage();
            device.close();

            assertMessage(message, "226 CUDA_ERROR_CONTAINED, the device is lost");
        } finally {
            JCudaDriver.setExceptionsEnabled(false);
        }
    }

    /** A lost context may answer with its error also where it is made current. */
    @Test
    void shouldCloseWhatIsLostWhereTheContextCannotBeEntered() {
        TestDevice.configure("stack=sticky,fail=cuLaunchKernel@1:700");
        final CudaDevice device = CudaDevice.open(0);
        final long memory = device.allocate(1 << 16);
        final long stream = device.newStream();
        device.add(memory, memory + (1 << 15), 5_000, stream);

        final String first =
                assertThrows(DeviceException.class, () -> device.await(stream)).getMessage();
        final String later =
                assertThrows(DeviceException.class, () -> device.isIdle(stream)).getMessage();
        device.free(memory);
        device.closeStream(stream);
        device.close();

        assertMessage(first, "failed: 700 CUDA_ERROR_ILLEGAL_ADDRESS");
        assertTrue(later.startsWith("cuCtxPushCurrent failed: 700 CUDA_ERROR_ILLEGAL_ADDRESS"), later);
    }

    /** One error ends nothing early: all that is left is given back, and the first error told. */
    @ParameterizedTest
    @CsvSource({"cuStreamSynchronize@1:400", "cuMemFree@1:1", "cuMemFreeHost@1:1", "cuEventDestroy@1:400"})
    void shouldGiveAllBackWhereOneEndIsRefused(final String fault) {
        final CudaDevice device = CudaDevice.open(0);
        for (int i = 0; i < 3; i++) {
            device.allocate(100);
            device.allocatePinned(100);
            device.newStream();
        }
        TestDevice.configure("fail=" + fault);

        final String message =
                assertThrows(DeviceException.class, device::close).getMessage();

        assertTrue(message.startsWith(fault.substring(0, fault.indexOf('@'))), message);
        final String live = Emulator.live();
        // what was refused is left to the end of the context, which tells of it
        assertTrue(live.startsWith("contexts=0 streams=0 events=0 modules=0 allocations=0 "), live);
        final String violations = Emulator.violations();
        final int left = fault.startsWith("cuStreamSynchronize") ? 0 : 1;
        assertEquals(left, violations.lines().count(), violations);
        assertTrue(
                left == 0
                        || violations.replaceAll("\\D", "").replaceAll("0", "").equals("1"),
                violations);
    }

    @ParameterizedTest
    @CsvSource({
        "cuDeviceGetName@1:999",
        "cuModuleGetFunction@5:500",
        "cuEventCreate@1:2",
        "cuDevicePrimaryCtxRetain@1:2",
        "cuModuleLoadData@1:209"
    })
    void shouldLeaveNothingWhereOpeningFails(final String fault) {
        TestDevice.configure("fail=" + fault);

        final String message =
                assertThrows(DeviceException.class, () -> CudaDevice.open(0)).getMessage();

        assertTrue(message.startsWith(fault.substring(0, fault.indexOf('@'))), message);
    }

    /** Pinned memory is every device's, that of a device is its own. */
    @Test
    void shouldKnowWhatMemoryADeviceReaches() {
        try (CudaDevice one = CudaDevice.open(0);
                CudaDevice other = CudaDevice.open(1)) {
            final long pinned = other.allocatePinned(64);
            final long memory = other.allocate(64);

            assertEquals(64, one.reach(pinned));
            assertEquals(1, other.reach(pinned + 63));
            assertEquals(0, one.reach(memory));
            assertEquals(64, other.reach(memory));
            assertEquals(60, other.reach(memory + 4));
            assertEquals(0, one.reach(0x1000));
        }
    }

    @Test
    void shouldFreeWhatItsUserLeft() {
        final CudaDevice device = CudaDevice.open(1);
        device.allocate(100);
        device.allocate(200);
        device.allocatePinned(300);
        device.newStream();
        device.newStream();

        device.close();

        assertTrue(Emulator.live().startsWith("contexts=0 streams=0 "), Emulator.live());
    }
}
