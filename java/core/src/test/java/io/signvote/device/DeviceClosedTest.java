package io.signvote.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.error.AbortedException;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.ZeroPolicy;
import io.signvote.optim.DeviceSignum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is closed says so, where the memory behind it is gone and a framework keeps the device's context alive: there a call that
 * goes through would read and write what belongs to others.
 */
class DeviceClosedTest {
    private static final int N = 1_000;
    private static final String CLOSED = "device 0 is closed, open it again before it is used";

    @BeforeEach
    void requireEmulatedDevice() {
        TestDevice.requireEmulated();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @Test
    void shouldRefuseEveryCallOnADeviceThatIsClosed() {
        try (CudaDevice framework = CudaDevice.open(0)) {
            final long memory = framework.allocate(4096);
            final long pinned = framework.allocatePinned(4096);
            final CudaDevice device = CudaDevice.open(0);
            final long own = device.newStream();
            device.close();

            final List<Runnable> calls = List.of(
                    () -> device.reach(memory),
                    () -> device.allocate(64),
                    () -> device.allocatePinned(64),
                    device::newStream,
                    () -> device.await(0),
                    () -> device.isIdle(0),
                    () -> device.follow(0, 0),
                    () -> device.upload(pinned, memory, 64, 0),
                    () -> device.download(memory, pinned, 64, 0),
                    () -> device.copy(memory, memory + 64, 64, 0),
                    () -> device.clear(memory, 64, 0),
                    () -> device.signal(pinned, 1, own),
                    () -> device.add(memory, memory + 64, 16, 0),
                    () -> device.packSigns(
                            memory, DataType.FLOAT32, memory + 256, 64, ZeroPolicy.RANDOM, 1, 0, memory + 512, 0));
            for (int call = 0; call < calls.size(); call++) {
                final IllegalStateException refused =
                        assertThrows(IllegalStateException.class, calls.get(call)::run, "call " + call);
                assertEquals(CLOSED, refused.getMessage());
            }
            device.free(memory);
            device.freePinned(pinned);
            device.closeStream(own);
            device.close();
            framework.free(memory);
            framework.freePinned(pinned);
        }
    }

    @Test
    void shouldGiveNothingBackForNothing() {
        try (CudaDevice device = CudaDevice.open(0)) {
            TestDevice.configure("fail=cuCtxPushCurrent@1:400");

            device.free(0);
            device.freePinned(0);
            device.closeStream(0);

            assertThrows(DeviceException.class, () -> device.await(0), "the context was entered for nothing");
        }
    }

    @Test
    void shouldRefuseARetryWithMemoryThatIsClosed() throws Exception {
        try (LocalJob broken = new LocalJob(2, new Context().timeoutNs(100_000_000));
                LocalJob job = new LocalJob(2, new Context());
                DeviceCollectives device = open(broken.rank(0));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long x = arrays.of(new float[N]);
            final long g = arrays.of(new float[N]);
            final DeviceSignum signum = new DeviceSignum(device, N);
            final Throwable failed = broken.errors(communicator -> {
                        if (communicator.rank() == 0) {
                            signum.step(g, DataType.FLOAT32, x, 0);
                        }
                    })
                    .get(0);
            assertTrue(failed != null, "a step without the other rank succeeded");
            signum.close();

            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    signum.retry(communicator, x, 0);
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });

            assertInstanceOf(IllegalStateException.class, errors.get(0));
            assertEquals(
                    "the memory of this vote is closed, take another",
                    errors.get(0).getMessage());
            assertInstanceOf(AbortedException.class, errors.get(1));
        }
    }

    @Test
    void shouldRefuseStepsAndStatesOfAnOptimiserThatIsClosed() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context());
                DeviceCollectives device = open(job.rank(0));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long x = arrays.of(new float[N]);
            final ByteArrayOutputStream saved = new ByteArrayOutputStream();
            final DeviceSignum signum = new DeviceSignum(device, N);
            signum.save(saved);
            signum.close();
            signum.close();

            refuse("the optimiser is closed", () -> signum.step(x, DataType.FLOAT32, x, 0));
            refuse("the optimiser is closed", () -> signum.save(new ByteArrayOutputStream()));
            refuse("the optimiser is closed", () -> signum.restore(new ByteArrayInputStream(saved.toByteArray())));
            assertEquals(0, signum.steps());
        }
    }

    @Test
    void shouldRefuseAVoteWhoseMemoryIsClosed() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context());
                DeviceCollectives device = open(job.rank(0))) {
            final DeviceVote vote = device.newVote(N);
            vote.close();
            vote.close();

            refuse("the memory of this vote is closed", () -> vote.follow(0));
            refuse("the memory of this vote is closed", () -> device.vote(vote, N, null, null, 1, 0));
        }
    }

    @Test
    void shouldRefuseCollectivesThatAreClosedAndCloseAgain() throws Exception {
        try (CudaDevice framework = CudaDevice.open(0);
                LocalJob job = new LocalJob(1, new Context())) {
            final long memory = framework.allocate(4 * N);
            final DeviceCollectives device = open(job.rank(0));
            final DeviceSignum signum = new DeviceSignum(device, N);
            final DeviceSignum closed = new DeviceSignum(device, N);
            final DeviceVote vote = device.newVote(N);
            final DeviceKernels kernels = device.kernels();
            device.allReduce(memory, memory, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
            kernels.await(0);
            closed.close();
            device.close();

            refuse(CLOSED, device::blas);
            refuse(CLOSED, () -> device.allReduce(memory, memory, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0));
            refuse(CLOSED, () -> device.newVote(N));
            refuse(CLOSED, () -> signum.step(memory, DataType.FLOAT32, memory, 0));
            // after the device, and once more
            closed.close();
            signum.close();
            signum.close();
            vote.close();
            device.close();
            framework.free(memory);
        }
    }

    @Test
    void shouldRefuseLinearAlgebraThatIsClosed() throws Exception {
        try (CudaDevice framework = CudaDevice.open(0);
                LocalJob job = new LocalJob(1, new Context());
                DeviceCollectives device = open(job.rank(0))) {
            final long memory = framework.allocate(256);
            final var blas = device.blas();
            blas.close();
            blas.close();

            refuse(CLOSED, () -> blas.norm(memory, 1, memory + 64, 0));
            refuse(CLOSED, () -> blas.absoluteSum(memory, 1, memory + 64, 0));
            refuse(CLOSED, () -> blas.dot(memory, memory, 1, memory + 64, 0));
            refuse(CLOSED, () -> blas.multiplyElements(memory, memory, 1, memory, 0));
            refuse(CLOSED, () -> blas.multiply(false, false, 1, 1, 1, 1, memory, memory, 0, memory + 64, 0));
        }
    }

    /** A call that may fail as its signature says. */
    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private static void refuse(final String fact, final Action action) {
        final String message =
                assertThrows(IllegalStateException.class, action::run).getMessage();
        assertTrue(message.startsWith(fact), message);
    }

    private static DeviceCollectives open(final Communicator communicator) {
        return new DeviceCollectives(communicator, CudaDevice.open(0), 256);
    }
}
