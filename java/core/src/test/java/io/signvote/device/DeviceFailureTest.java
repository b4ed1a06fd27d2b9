package io.signvote.device;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.error.AbortedException;
import io.signvote.error.DeviceException;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.DeviceSignum;
import io.signvote.optim.Signum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that fails in the middle of a vote: an error on its rank that says what, and a lost peer for the others. */
class DeviceFailureTest {
    /** Five stretches. */
    private static final int N = 20_001;

    private static final int STRETCH_MIN = 256;

    @BeforeEach
    void requireEmulatedDevice() {
        TestDevice.requireEmulated();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @ParameterizedTest
    @CsvSource({
        // out of memory while the vote is prepared, on the device and in pinned memory
        "cuMemAlloc@1:2,            'cuMemAlloc failed: 2 CUDA_ERROR_OUT_OF_MEMORY'",
        "cuMemHostAlloc@2:2,        'cuMemHostAlloc failed: 2 CUDA_ERROR_OUT_OF_MEMORY'",
        // refused at once: of the fourth stretch
        "cuMemsetD8Async@4:1,       'cuMemsetD8Async failed: 1 CUDA_ERROR_INVALID_VALUE, length=16'",
        "cuEventRecord@2:709,       'cuEventRecord failed: 709 CUDA_ERROR_CONTEXT_IS_DESTROYED'",
        // accepted, and failing later, on the device
        "cuLaunchKernel@3:719,      'CUDA_ERROR_LAUNCH_FAILED'",
        "cuLaunchKernel@1:700,      'CUDA_ERROR_ILLEGAL_ADDRESS'",
        "cuMemcpyDtoHAsync@5:214,   'CUDA_ERROR_ECC_UNCORRECTABLE'"
    })
    void shouldTellItsRankWhatFailedAndTheOthersThatItGaveUp(final String fault, final String fact) throws Exception {
        final float[][] targets = new float[3][N];
        try (LocalJob job = new LocalJob(3, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 1) {
                    try (DeviceCollectives device = open(communicator);
                            DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                        final long source = arrays.of(new float[N]);
                        TestDevice.configure("fail=" + fault);
                        device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                    }
                } else {
                    communicator.allReduce(new float[N], targets[communicator.rank()], ReduceOp.MAJORITY);
                }
            });

            assertInstanceOf(DeviceException.class, errors.get(1));
            assertMessage(errors.get(1), fact);
            for (final int rank : new int[] {0, 2}) {
                assertInstanceOf(AbortedException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(message, "rank 1 gave up: ", fact);
                assertArrayEquals(new float[N], targets[rank]);
            }
        }
    }

    @Test
    void shouldLeaveTheTargetAloneWhereMemoryRanOut() throws Exception {
        final float[] before = new float[N];
        Arrays.fill(before, 42);
        try (LocalJob job = new LocalJob(1, new Context());
                DeviceCollectives device = open(job.rank(0));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long source = arrays.of(before);
            TestDevice.configure("fail=cuMemAlloc@2:2");

            final List<Throwable> errors = job.errors(
                    communicator -> device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0));

            assertInstanceOf(DeviceException.class, errors.get(0));
            assertArrayEquals(before, arrays.floats(source, N));
        }
    }

    /** The vote is decided then, so the others have its result; the next call is the first that cannot be. */
    @Test
    void shouldTellTheOthersInTheirNextCallWhereTheUseOfAVerdictFails() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    try (DeviceCollectives device = open(communicator);
                            DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                        final long source = arrays.of(new float[N]);
                        TestDevice.configure("fail=cuMemcpyHtoDAsync@1:2");
                        device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                    }
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });
            assertInstanceOf(DeviceException.class, errors.get(0));
            assertNull(errors.get(1));

            final Throwable next = job.errors(Communicator::barrier).get(1);

            assertInstanceOf(AbortedException.class, next);
            assertMessage(next, "rank 0 gave up: cuMemcpyHtoDAsync failed");
        }
    }

    /** The first thing that the next call asks is whose memory it was given. */
    @Test
    void shouldTellTheOthersOfADeviceThatWasLostBetweenCalls() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    try (DeviceCollectives device = open(communicator);
                            DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                        final long source = arrays.of(new float[N]);
                        device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                        TestDevice.configure("fail=cuLaunchKernel@1:700");
                        device.kernels().add(source, source + 2 * N, 1, 0);
                        assertThrows(
                                DeviceException.class, () -> device.kernels().await(0));
                        device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                    }
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });

            assertInstanceOf(DeviceException.class, errors.get(0));
            assertInstanceOf(AbortedException.class, errors.get(1));
            // the call that it gave up in has no round yet
            final String message = errors.get(1).getMessage();
            assertTrue(message.startsWith("after allReduce(MAJORITY, FLOAT32, count=" + N + ")"), message);
            assertMessage(message, " round=1: rank 0 gave up: ");
        }
    }

    @Test
    void shouldRefuseARetryWhenBallotsWereNeverPacked() throws Exception {
        try (LocalJob broken = new LocalJob(1, new Context());
                LocalJob job = new LocalJob(2, new Context());
                DeviceCollectives device = open(broken.rank(0));
                DeviceSignum signum = new DeviceSignum(device, N);
                Signum other = new Signum(job.rank(1), N);
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long x = arrays.of(new float[N]);
            final long g = arrays.of(new float[N]);
            TestDevice.configure("fail=cuMemsetD8Async@2:1");
            final Throwable failed = broken.errors(communicator -> signum.step(g, DataType.FLOAT32, x, 0))
                    .get(0);
            assertInstanceOf(DeviceException.class, failed);

            assertRefused(job, signum, x, other);
            final String step = assertThrows(IllegalStateException.class, () -> signum.step(g, DataType.FLOAT32, x, 0))
                    .getMessage();
            assertEquals("step=1 is lost, restore a saved state first", step);
        }
    }

    /**
     * A verdict that was applied in part is not applied again: the first parameters would be stepped twice. If not even the first stretch
     * was applied, the pinned words are a mix of two verdicts, and no rank may serve them.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldNotRetryADecidedVote(final int stretch) throws Exception {
        try (LocalJob broken = new LocalJob(1, new Context());
                LocalJob job = new LocalJob(2, new Context());
                DeviceCollectives device = open(broken.rank(0));
                DeviceSignum signum = new DeviceSignum(device, N);
                Signum other = new Signum(job.rank(1), N);
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final float[] before = new float[N];
            Arrays.fill(before, 42);
            final long x = arrays.of(before);
            final long g = arrays.of(before);
            TestDevice.configure("fail=cuMemcpyHtoDAsync@" + stretch + ":1");
            final Throwable failed = broken.errors(communicator -> signum.step(g, DataType.FLOAT32, x, 0))
                    .get(0);
            assertInstanceOf(DeviceException.class, failed);
            device.kernels().await(0);
            final float[] after = arrays.floats(x, N);
            assertEquals(stretch == 2, after[0] < 42, "another stretch has failed");
            assertEquals(42, after[N - 1]);

            assertRefused(job, signum, x, other);
            device.kernels().await(0);
            assertArrayEquals(after, arrays.floats(x, N));
        }
    }

    private static void assertRefused(final LocalJob job, final DeviceSignum signum, final long x, final Signum other)
            throws Exception {
        final List<Throwable> errors = job.errors(communicator -> {
            if (communicator.rank() == 0) {
                signum.retry(communicator, x, 0);
            } else {
                other.retry(communicator, new float[N]);
            }
        });

        for (final Throwable error : errors) {
            assertInstanceOf(ProtocolException.class, error);
            assertTrue(
                    error.getMessage()
                            .startsWith("retry: a rank has lost a step: ranks [0] completed step=0 and lost"
                                    + " step=1, ranks [1] completed step=0; restore "),
                    error.getMessage());
        }
        job.run(Communicator::barrier);
    }

    /** The step that failed waited for nothing: its momentum kernels come when they will, and before what is restored. */
    @Test
    void shouldRestoreOverWhatAFailedStepStillDoes() throws Exception {
        for (final String order : new String[] {"streams=newest,delay=1000", "streams=oldest", "delay=50,seed=3"}) {
            try (LocalJob job = new LocalJob(2, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(1)));
                    DeviceCollectives device = open(job.rank(0));
                    DeviceSignum signum = new DeviceSignum(device, N);
                    DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                final float[] ones = new float[N];
                Arrays.fill(ones, 1);
                final long x = arrays.of(new float[N]);
                final long g = arrays.of(ones);
                final long backward = device.kernels().newStream();
                final ByteArrayOutputStream saved = new ByteArrayOutputStream();
                signum.save(saved);
                TestDevice.configure("hold=true");
                final List<Throwable> errors = job.errors(communicator -> {
                    if (communicator.rank() == 0) {
                        signum.step(g, DataType.FLOAT32, x, backward);
                    } else {
                        communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                    }
                });
                assertInstanceOf(VoteException.class, errors.get(0));

                TestDevice.configure(order);
                signum.restore(new ByteArrayInputStream(saved.toByteArray()));
                device.kernels().await(backward);

                final ByteArrayOutputStream after = new ByteArrayOutputStream();
                signum.save(after);
                assertArrayEquals(saved.toByteArray(), after.toByteArray(), order);
            }
        }
    }

    @Test
    void shouldRefuseInStrictModeWhatIsNotFinite() throws Exception {
        final float[] values = new float[N];
        values[5_000] = Float.NEGATIVE_INFINITY;
        try (LocalJob job = new LocalJob(2, new Context().strict(true))) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    try (DeviceCollectives device = open(communicator);
                            DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                        final long source = arrays.of(values);
                        device.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                    }
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });

            assertInstanceOf(VoteException.class, errors.get(0));
            assertMessage(errors.get(0), "hold 1 values that are not finite");
            assertInstanceOf(AbortedException.class, errors.get(1));
        }
    }

    private static DeviceCollectives open(final Communicator communicator) {
        return new DeviceCollectives(communicator, CudaDevice.open(0), STRETCH_MIN);
    }
}
