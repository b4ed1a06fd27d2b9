package io.signvote.device;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.Narrow;
import io.signvote.Work;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks on devices, ranks without, and both in one vote give the same bits. */
@Tag("gpu")
class DeviceCollectivesTest {
    private static final long SEED = 99;

    /** Small, so that a call of few coordinates has several stretches. */
    private static final int STRETCH_MIN = 256;

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
        "1, 1, 1",
        "2, 2, 64",
        "2, 1, 65",
        "3, 3, 4096",
        "3, 1, 100_003",
        "3, 2, 100_003",
        "2, 2, 20_000",
        "3, 0, 777"
    })
    void shouldGiveTheBitsOfTheHost(final int ranks, final int onDevice, final int n) throws Exception {
        for (final ZeroPolicy zeros : new ZeroPolicy[] {ZeroPolicy.RANDOM, ZeroPolicy.POSITIVE}) {
            final float[][] expected = new float[3][];
            final long[][] census = new long[ranks][];
            try (LocalJob job = new LocalJob(ranks, context().zeroPolicy(zeros))) {
                job.run(communicator -> {
                    for (int round = 0; round < 3; round++) {
                        final float[] target = new float[n];
                        communicator.allReduce(gradients(communicator.rank(), round, n), target, ReduceOp.MAJORITY);
                        expected[round] = target;
                    }
                    census[communicator.rank()] = counts(communicator);
                });
            }
            try (LocalJob job = new LocalJob(ranks, context().zeroPolicy(zeros))) {
                job.run(communicator -> {
                    if (communicator.rank() < onDevice) {
                        voteOnDevice(communicator, n, expected);
                    } else {
                        voteOnHost(communicator, n, expected);
                    }
                    assertArrayEquals(census[communicator.rank()], counts(communicator));
                });
            }
        }
    }

    private static void voteOnDevice(final Communicator communicator, final int n, final float[][] expected) {
        try (DeviceCollectives device = open(communicator);
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long stream = device.kernels().newStream();
            for (int round = 0; round < expected.length; round++) {
                final long source = arrays.of(gradients(communicator.rank(), round, n));
                // in place, and not
                final long target = round == 1 ? source : device.kernels().allocate(4L * n);
                device.allReduce(source, target, n, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
                device.kernels().await(stream);
                assertArrayEquals(expected[round], arrays.floats(target, n));
            }
        }
    }

    private static void voteOnHost(final Communicator communicator, final int n, final float[][] expected) {
        for (int round = 0; round < expected.length; round++) {
            final float[] values = gradients(communicator.rank(), round, n);
            communicator.allReduce(values, values, ReduceOp.MAJORITY);
            assertArrayEquals(expected[round], values);
        }
    }

    /** The spy submits the other call while the vote packs its ballots, as another thread could. */
    @Test
    void shouldDrawLotsForItsOwnStepWhenAnotherCallIsSubmittedMeanwhile() throws Exception {
        final int n = 1_000;
        final float[][] expected = new float[2][n];
        try (LocalJob job = new LocalJob(1, context().zeroPolicy(ZeroPolicy.RANDOM))) {
            for (final float[] verdict : expected) {
                job.rank(0).allReduce(new float[n], verdict, ReduceOp.MAJORITY);
            }
        }
        assertFalse(Arrays.equals(expected[0], expected[1]), "both steps have the same lots");
        try (LocalJob job = new LocalJob(1, context().zeroPolicy(ZeroPolicy.RANDOM))) {
            final Communicator communicator = job.rank(0);
            final float[] other = new float[n];
            final Work[] work = new Work[1];
            final DeviceKernels spy = DeviceSpy.on(CudaDevice.open(CudaDriver.deviceOf(0)), (call, args) -> {
                if (call.equals("packSigns")) {
                    work[0] = communicator.allReduceAsync(new float[n], other, ReduceOp.MAJORITY);
                }
                return true;
            });
            try (DeviceCollectives device = new DeviceCollectives(communicator, spy, Stretches.LENGTH_MIN);
                    DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                final long address = arrays.of(new float[n]);

                device.allReduce(address, address, n, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                device.kernels().await(0);
                work[0].await();

                assertArrayEquals(expected[0], arrays.floats(address, n));
                assertArrayEquals(expected[1], other);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHARDED", "STAR"})
    void shouldVotePackedSignsWithAnyTail(final Configuration.PlanKind plan) throws Exception {
        final int n = 10_007;
        final int words = (n + 63) / 64;
        final long[][] ballots = new long[3][];
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int rank = 0; rank < 3; rank++) {
            ballots[rank] = random.longs(words).toArray();
        }
        final long[][] verdicts = new long[3][];
        try (LocalJob job = new LocalJob(3, context().plan(plan).tiePolicy(TiePolicy.NEGATIVE))) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                verdicts[rank] = new long[words];
                if (rank == 2) {
                    communicator.vote(ballots[rank], verdicts[rank], n);
                } else {
                    try (DeviceCollectives device = open(communicator);
                            DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                        final long address = arrays.of(ballots[rank]);
                        // the default stream, which others must not wait for
                        device.allReduce(address, address, n, DataType.SIGN, ReduceOp.MAJORITY, 0);
                        device.kernels().await(0);
                        verdicts[rank] = arrays.words(address, words);
                    }
                }
            });
        }

        for (int w = 0; w < words; w++) {
            final long majority = ballots[0][w] & ballots[1][w] | ballots[2][w] & (ballots[0][w] | ballots[1][w]);
            final long mask = w == words - 1 ? (1L << n % 64) - 1 : -1;
            assertEquals(majority & mask, verdicts[0][w], "word " + w);
        }
        assertArrayEquals(verdicts[0], verdicts[1]);
        assertArrayEquals(verdicts[0], verdicts[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT16", "BFLOAT16"})
    void shouldVoteNarrowGradientsAsWhatTheyWidenTo(final DataType type) throws Exception {
        final int n = 5_001;
        final short[] narrow = new short[n];
        final float[] wide = new float[n];
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < n; i++) {
            narrow[i] = (short) random.nextInt();
            wide[i] = Narrow.widen(narrow[i], type);
        }
        final float[][] results = new float[2][];
        final long[][] census = new long[2][];
        for (int round = 0; round < 2; round++) {
            final boolean isOnDevice = round == 1;
            final int index = round;
            try (LocalJob job = new LocalJob(2, context())) {
                job.run(communicator -> {
                    final float[] target = new float[n];
                    if (communicator.rank() == 1) {
                        communicator.allReduce(gradients(1, 0, n), target, ReduceOp.MAJORITY);
                    } else if (isOnDevice) {
                        try (DeviceCollectives device = open(communicator);
                                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                            final long source = arrays.of(narrow);
                            final long verdict = device.kernels().allocate(4L * n);
                            device.allReduce(source, verdict, n, type, ReduceOp.MAJORITY, 0);
                            device.kernels().await(0);
                            results[index] = arrays.floats(verdict, n);
                        }
                        census[index] = counts(communicator);
                    } else {
                        communicator.allReduce(wide, target, ReduceOp.MAJORITY);
                        results[index] = target;
                        census[index] = counts(communicator);
                    }
                });
            }
        }

        assertArrayEquals(results[0], results[1]);
        assertArrayEquals(census[0], census[1]);
        assertTrue(census[0][1] > 0, "no value was not finite");
    }

    /** By their rank where they share a process, whatever the environment calls that process. */
    @Test
    void shouldShareTheDevicesAmongTheRanksOfAProcess() {
        final int devices = CudaDriver.report().able().size();
        try (LocalJob job = new LocalJob(3, context())) {
            for (int rank = 0; rank < 3; rank++) {
                try (DeviceCollectives device = DeviceCollectives.open(job.rank(rank))) {
                    assertEquals(
                            CudaDriver.report().able().get(rank % devices),
                            device.kernels().device());
                }
            }
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = open(job.rank(0))) {
            refuse(
                    "allReduce(SUM, FLOAT32) on a device is unknown",
                    () -> device.allReduce(0, 0, 1, DataType.FLOAT32, ReduceOp.SUM, 0));
            refuse(
                    "allReduce(MAJORITY, null) on a device is unknown",
                    () -> device.allReduce(0, 0, 1, null, ReduceOp.MAJORITY, 0));
            final long memory = device.kernels().allocate(8);
            final long foreign = 0x1000;
            refuse(
                    "source=0x1000 is no memory of device 0",
                    () -> device.allReduce(foreign, memory, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 0));
            refuse(
                    "target=0x0 is no memory of device 0",
                    () -> device.allReduce(memory, 0, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 0));
            device.allReduce(memory, memory, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
            final String otherThread = "stream=2 is CU_STREAM_PER_THREAD, and a call may use another thread";
            refuse(otherThread, () -> device.allReduce(memory, memory, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 2));
            for (final long count : new long[] {-1, Communicator.MAX_COUNT + 1}) {
                refuse(
                        "count=" + count + ", expected 0 to " + Communicator.MAX_COUNT,
                        () -> device.allReduce(memory, memory, count, DataType.FLOAT32, ReduceOp.MAJORITY, 0));
            }
            try (DeviceVote vote = device.newVote(100)) {
                refuse("count=101, expected 0 to 100", () -> device.vote(vote, 101, null, null, 1, 0));
                refuse("count=-1, expected 0 to 100", () -> device.vote(vote, -1, null, null, 1, 0));
                refuse(otherThread, () -> device.vote(vote, 1, null, null, 1, 2));
                refuse(otherThread, () -> device.voteAgain(vote, null, 1, 0, 2));
                refuse(otherThread, () -> device.applyVerdict(vote, null, 2));
            }
            refuse("count=17179869185, expected 0 to", () -> device.newVote(Communicator.MAX_COUNT + 1));
            refuse(
                    "device=9, this machine has devices 0 to",
                    () -> DeviceCollectives.open(job.rank(0), 9).close());
            device.allReduce(memory, memory, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
            device.kernels().await(0);
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }

    private static DeviceCollectives open(final Communicator communicator) {
        // two ranks on a device of their own each, where there are two
        return new DeviceCollectives(
                communicator, CudaDevice.open(CudaDriver.deviceOf(communicator.rank())), STRETCH_MIN);
    }

    private static Context context() {
        return new Context().seed(SEED);
    }

    private static long[] counts(final Communicator communicator) {
        return new long[] {communicator.census().zeros(), communicator.census().notFinite()};
    }

    private static float[] gradients(final int rank, final int round, final int n) {
        final SplittableRandom random = new SplittableRandom(1_000 * round + rank);
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            final float noise = (float) random.nextDouble(-1, 1);
            values[i] = switch (i % 13) {
                case 3 -> 0f;
                case 4 -> -0f;
                case 5 -> Float.NaN;
                case 6 -> noise * Float.MIN_VALUE * 8;
                default -> noise;
            };
        }
        return values;
    }
}
