package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.device.DeviceCollectives;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.cublas.Cublas;
import io.signvote.kernel.cublas.CublasLibrary;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.lang.management.ManagementFactory;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a round asks of the device takes nothing from the heap. */
@Tag("gpu")
class DataPathTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int N = 2_048;
    private static final int CALLS = 200;
    private static final int WARMUP_CALLS = 2_000;

    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @Test
    void shouldAllocateNothingForLaunchesCopiesAndSignals() {
        try (CudaDevice device = CudaDevice.open(0)) {
            final long stream = device.newStream();
            final long memory = device.allocate(1 << 16);
            final long pinned = device.allocatePinned(1 << 16);
            final long values = memory + (1 << 15);
            final long momentum = memory + (3 << 14);
            final Runnable work = () -> {
                device.clear(memory, 1 << 16, stream);
                device.upload(pinned, memory, 8, stream);
                device.packSigns(values, DataType.FLOAT16, memory, N, ZeroPolicy.RANDOM, 1, 0, memory + 4096, stream);
                device.momentumPackSigns(
                        values,
                        DataType.FLOAT32,
                        momentum,
                        memory,
                        N,
                        0.9f,
                        0.1f,
                        ZeroPolicy.POSITIVE,
                        1,
                        0,
                        memory + 4096,
                        stream);
                device.unpackSigns(memory, values, N, stream);
                device.accumulate(memory, memory + 8192, 32, 32, 1, stream);
                device.majority(memory + 8192, 32, memory, N, 2, TiePolicy.RANDOM, 1, 0, memory + 4096, stream);
                device.tally(memory + 8192, 32, 2, memory, N, TiePolicy.NEGATIVE, 1, 0, memory + 4096, stream);
                device.applySigns(memory, values, N, 0.1f, 0, stream);
                device.add(memory, values, 16, stream);
                device.copy(memory, values, 8, stream);
                device.download(memory, pinned, 8, stream);
                device.signal(pinned + 8, 1, stream);
                device.follow(stream, 0);
                device.isIdle(stream);
                device.reach(memory);
                device.await(stream);
            };

            assertEquals(0, allocatedBy(work));
        }
    }

    @Test
    void shouldAllocateNothingForADeviceVote() {
        final Communicator communicator = Communicator.createLocal(1, new Context())[0];
        try (DeviceCollectives device = DeviceCollectives.open(communicator)) {
            final long memory = device.kernels().allocate(4 * N);
            device.kernels().clear(memory, 4 * N, 0);

            final long allocated = allocatedBy(() -> {
                device.allReduce(memory, memory, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                device.allReduce(memory, memory, N / 2, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
            });

            assertEquals(0, allocated);
            assertTrue(communicator.census().zeros() >= N, "nothing was packed");
        } finally {
            CloseHelper.close(communicator);
        }
    }

    @Test
    void shouldAllocateNothingForLinearAlgebra() {
        assumeTrue(
                TestDevice.isEmulated() || CublasLibrary.isAvailable(),
                () -> "cublas: " + CublasLibrary.unavailabilityCause());
        CublasLibrary.ensureAvailable();
        try (CudaDevice device = CudaDevice.open(0);
                DeviceBlas blas = Cublas.open(0)) {
            final long memory = device.allocate(1 << 12);
            device.clear(memory, 1 << 12, 0);
            final long x = memory + 1024;
            final long y = memory + 2048;

            final long allocated = allocatedBy(() -> {
                blas.multiply(false, true, 4, 3, 2, 1, x, y, 0.5f, memory, 0);
                blas.norm(x, 16, memory, 0);
                blas.absoluteSum(x, 16, memory, 0);
                blas.dot(x, y, 16, memory, 0);
                blas.multiplyElements(x, y, 16, memory, 0);
            });
            device.await(0);

            assertEquals(0, allocated);
        }
    }

    /** Bytes of the least of several batches: what the compiler allocates on our thread in one of them is not the path's. */
    private static long allocatedBy(final Runnable work) {
        final long thread = Thread.currentThread().getId();
        for (int i = 0; i < WARMUP_CALLS; i++) {
            work.run();
        }
        long least = Long.MAX_VALUE;
        for (int batch = 0; batch < 5 && least != 0; batch++) {
            work.run();
            final long before = THREADS.getThreadAllocatedBytes(thread);
            final long after = THREADS.getThreadAllocatedBytes(thread);
            for (int i = 0; i < CALLS; i++) {
                work.run();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - after - (after - before));
        }
        return Math.max(0, least);
    }
}
