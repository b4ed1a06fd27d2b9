package io.signvote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that nothing orders run in any order on the emulated device, so that an order that is missing shows. */
class DeviceOrderTest {
    private static final int N = 9_001;
    private static final int SEGMENT_MIN = 256;
    private static final int ROUNDS = 4;
    private static final int SEEDS = 12;

    @BeforeEach
    void requireEmulatedDevice() {
        TestDevice.requireEmulated();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @Test
    void shouldVoteRightInWhateverOrderTheDeviceRuns() {
        for (int seed = 0; seed < SEEDS; seed++) {
            TestDevice.configure("delay=50,seed=" + seed);
            assertTrue(isRight(CudaDevice.open(0)), "seed=" + seed);
        }
    }

    @Test
    void shouldCatchAMissingOrderOfStreams() {
        int wrong = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            TestDevice.configure("delay=50,seed=" + seed);
            wrong += isRight(unordered(CudaDevice.open(0))) ? 0 : 1;
        }

        assertTrue(wrong > SEEDS / 2, "only " + wrong + " of " + SEEDS + " runs without order went wrong");
    }

    @Test
    void shouldNotBeReadyBeforeTheDeviceIs() {
        TestDevice.configure("hold=true");
        try (CudaDevice device = CudaDevice.open(0);
                DeviceVote vote = new DeviceVote(device, N, SEGMENT_MIN);
                OffHeap words = new OffHeap(1 << 12)) {
            vote.pack(allNegative(device), N, 0);

            for (int i = 0; i < 1_000; i++) {
                assertFalse(vote.source().isReady(0, 1024));
            }
            assertFalse(vote.isPacked());
            TestDevice.configure("hold=false");
            while (!vote.source().isReady(N - 1 - (N - 1) % 64, N % 64)) {
                Thread.onSpinWait();
            }
            vote.source().fill(64, 128, words.address());

            assertTrue(vote.isPacked());
            assertArrayEquals(new long[] {-1, -1, 0}, new long[] {word(words, 0), word(words, 1), word(words, 2)});
        }
    }

    /** Several rounds of two ranks, of which one has the device; true if its verdicts are those of the other. */
    private static boolean isRight(final DeviceKernels kernels) {
        final float[][][] verdicts = new float[2][ROUNDS][];
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                if (communicator.rank() == 1) {
                    for (int round = 0; round < ROUNDS; round++) {
                        final float[] values = gradients(1, round);
                        communicator.allReduce(values, values, ReduceOp.MAJORITY);
                        verdicts[1][round] = values;
                    }
                    return;
                }
                try (DeviceCollectives device = new DeviceCollectives(communicator, kernels, SEGMENT_MIN);
                        DeviceArrays arrays = new DeviceArrays(kernels)) {
                    final long stream = kernels.newStream();
                    final long target = kernels.allocate(4L * N);
                    for (int round = 0; round < ROUNDS; round++) {
                        final long source = arrays.of(gradients(0, round));
                        device.allReduce(source, target, N, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
                        kernels.await(stream);
                        verdicts[0][round] = arrays.floats(target, N);
                    }
                }
            });
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
        boolean isRight = true;
        for (int round = 0; round < ROUNDS; round++) {
            isRight &= java.util.Arrays.equals(verdicts[0][round], verdicts[1][round]);
        }
        return isRight;
    }

    /** A device that forgets that one stream is to wait for another. */
    private static DeviceKernels unordered(final DeviceKernels device) {
        return (DeviceKernels) Proxy.newProxyInstance(
                DeviceOrderTest.class.getClassLoader(), new Class<?>[] {DeviceKernels.class}, (proxy, method, args) -> {
                    if (method.getName().equals("follow")) {
                        return null;
                    }
                    try {
                        return method.invoke(device, args);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static DeviceBallots allNegative(final DeviceKernels device) {
        final long ones = new DeviceArrays(device).of(minusOnes());
        return new DeviceBallots() {
            @Override
            public void pack(
                    final long coordinate, final long n, final long words, final long counts, final long stream) {
                device.packSigns(
                        ones + 4 * coordinate,
                        DataType.FLOAT32,
                        words,
                        n,
                        io.signvote.op.ZeroPolicy.POSITIVE,
                        0,
                        coordinate / 64,
                        counts,
                        stream);
            }

            @Override
            public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
                assertTrue(zeros == 0 && notFinite == 0);
            }
        };
    }

    private static float[] minusOnes() {
        final float[] values = new float[N];
        java.util.Arrays.fill(values, -1);
        return values;
    }

    private static long word(final OffHeap words, final int index) {
        return UnsafeApi.getLong(words.address() + 8L * index);
    }

    private static float[] gradients(final int rank, final int round) {
        final SplittableRandom random = new SplittableRandom(31L * round + rank);
        final float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
