package io.signvote.device;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.collective.BallotSource;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.DeviceSignum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pointers on which a kernel would lose the device are refused, and calls of nothing look at no pointer. */
@Tag("gpu")
class DevicePointerTest {
    private static final int N = 100;

    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32,  4, 2",
        "FLOAT32,  4, 1",
        "FLOAT16,  2, 1",
        "BFLOAT16, 2, 1",
        "SIGN,     8, 4",
    })
    void shouldRefuseAPointerBetweenElementsAndGoOn(final DataType type, final int alignment, final int off) {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0))) {
            final long memory = device.kernels().allocate(8 * N);
            final String error = " is not a multiple of " + alignment + ", the alignment of " + type
                    + ", take a pointer to whole elements";

            refuse(
                    "source=0x" + Long.toHexString(memory + off) + error,
                    () -> device.allReduce(memory + off, memory, N, type, ReduceOp.MAJORITY, 0));
            if (type == DataType.SIGN || type == DataType.FLOAT32) {
                refuse(
                        "target=0x" + Long.toHexString(memory + off) + error,
                        () -> device.allReduce(memory, memory + off, N, type, ReduceOp.MAJORITY, 0));
            }

            assertUsable(device);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 400", "FLOAT16, 200", "BFLOAT16, 200", "SIGN, 16"})
    void shouldRefuseACountBeyondTheAllocationAndGoOn(final DataType type, final int needed) {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0))) {
            final long memory = device.kernels().allocate(4 * N);
            final int size = type == DataType.SIGN ? 8 : needed / N;
            final long exact = device.kernels().allocate(needed);
            final long shorter = device.kernels().allocate(needed - size);
            final String error =
                    " bytes before the end of its allocation, " + type + " count=" + N + " needs " + needed;

            refuse(
                    "source=0x" + Long.toHexString(shorter) + " has " + (needed - size) + error,
                    () -> device.allReduce(shorter, memory, N, type, ReduceOp.MAJORITY, 0));
            refuse(
                    "source=0x" + Long.toHexString(exact + size) + " has " + (needed - size) + error,
                    () -> device.allReduce(exact + size, memory, N, type, ReduceOp.MAJORITY, 0));
            final int verdictLength = type == DataType.SIGN ? needed - 8 : 4 * N - 4;
            final long target = device.kernels().allocate(verdictLength);
            refuse(
                    "target=0x" + Long.toHexString(target) + " has " + verdictLength + " bytes before the end",
                    () -> device.allReduce(exact, target, N, type, ReduceOp.MAJORITY, 0));

            device.allReduce(exact, memory, N, type, ReduceOp.MAJORITY, 0);
            device.kernels().await(0);
            assertUsable(device);
        }
    }

    @Test
    void shouldRefuseWhatAnOptimiserCannotStepAndGoOn() {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                DeviceSignum signum = new DeviceSignum(device, N);
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long g = arrays.of(new float[N]);
            final long x = arrays.of(new float[N]);

            refuse("gradients=0x" + Long.toHexString(g + 2), () -> signum.step(g + 2, DataType.FLOAT32, x, 0));
            refuse(
                    " has 396 bytes before the end of its allocation, FLOAT32 count=100 needs 400",
                    () -> signum.step(g + 4, DataType.FLOAT32, x, 0));
            refuse("parameters=0x" + Long.toHexString(x + 1), () -> signum.step(g, DataType.FLOAT32, x + 1, 0));
            refuse("parameters=0x" + Long.toHexString(x + 8), () -> signum.step(g, DataType.FLOAT16, x + 8, 0));

            refuse("stream=2 is CU_STREAM_PER_THREAD", () -> signum.step(g, DataType.FLOAT32, x, 2));
            refuse("stream=2 is CU_STREAM_PER_THREAD", () -> signum.retry(job.rank(0), x, 2));

            assertEquals(0, signum.steps());
            signum.step(g + 2, DataType.BFLOAT16, x, 0);
            device.kernels().await(0);
            assertUsable(device);
        }
    }

    @Test
    void shouldTakeACountOfZeroAndNoAddress() throws Exception {
        try (LocalJob job = new LocalJob(3, context())) {
            job.run(communicator -> {
                try (DeviceCollectives device = DeviceCollectives.open(communicator);
                        DeviceSignum signum = new DeviceSignum(device, 0)) {
                    for (final DataType type :
                            List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16, DataType.SIGN)) {
                        device.allReduce(0, 0, 0, type, ReduceOp.MAJORITY, 0);
                        device.allReduce(3, 5, 0, type, ReduceOp.MAJORITY, 0);
                    }
                    signum.step(0, DataType.FLOAT32, 0, 0);
                    signum.step(0, DataType.FLOAT16, 0, 0);
                    assertEquals(2, signum.steps());
                    try (DeviceVote vote = device.newVote(0)) {
                        final List<Long> asked = new ArrayList<>();
                        device.vote(vote, 0, new Untouched(), (at, n, words, stream) -> asked.add(n), 1, 0);
                        assertEquals(List.of(), asked);
                    }
                    assertUsable(device);
                }
            });
        }
    }

    @Test
    void shouldTellAllRanksWhereOneHasNothingOnItsDevice() throws Exception {
        try (LocalJob job = new LocalJob(2, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    try (DeviceCollectives device = DeviceCollectives.open(communicator)) {
                        device.allReduce(0, 0, 0, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                    }
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });

            for (final Throwable error : errors) {
                assertInstanceOf(ProtocolException.class, error);
                assertMessage(error, "count=0", "count=100");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "5, 6", "0, 6"})
    void shouldCompareOptionsWithRanksWithoutADevice(final long ofDevice, final long ofHost) throws Exception {
        try (LocalJob job = new LocalJob(2, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    try (DeviceCollectives device = DeviceCollectives.open(communicator);
                            DeviceVote vote = device.newVote(0)) {
                        device.vote(vote, 0, new Untouched(), (at, n, words, stream) -> {}, 1, ofDevice, 0);
                    }
                } else {
                    communicator.vote(new NoBallots(), (words, count) -> {}, 0, 1, ofHost);
                }
            });

            for (final Throwable error : errors) {
                if (ofDevice == ofHost) {
                    assertNull(error);
                } else {
                    assertInstanceOf(ProtocolException.class, error);
                    assertMessage(error, "options=6");
                }
            }
        }
    }

    private static void assertUsable(final DeviceCollectives device) {
        try (DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long values = arrays.of(new float[] {-3, 4});
            device.allReduce(values, values, 2, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
            device.kernels().await(0);
            assertArrayEquals(new float[] {-1, 1}, arrays.floats(values, 2));
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }

    private static Context context() {
        return new Context().timeoutNs(TimeUnit.SECONDS.toNanos(20));
    }

    /** Fails whoever asks it. */
    private static final class NoBallots implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            throw new AssertionError("asked for " + count);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            throw new AssertionError("asked for " + count);
        }
    }

    /** Fails whoever asks it. */
    private static final class Untouched implements DeviceBallots {
        @Override
        public void pack(final long coordinate, final long n, final long words, final long counts, final long stream) {
            throw new AssertionError("asked to pack " + n);
        }

        @Override
        public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
            throw new AssertionError("told of " + n);
        }
    }
}
