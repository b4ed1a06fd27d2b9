package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Census;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.Narrow;
import io.signvote.device.DeviceCollectives;
import io.signvote.error.ConfigurationException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The optimiser on a device gives the bits of the one on the host: parameters, momentum, counts, saved states. */
@Tag("gpu")
class DeviceSignumTest {
    private static final int RANKS = 3;
    private static final int STEPS = 4;
    private static final int N = 70_001;
    private static final long SEED = 4711;

    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @ParameterizedTest
    @CsvSource({"1, FLOAT32", "3, FLOAT32", "2, FLOAT16", "3, BFLOAT16"})
    void shouldGiveTheBitsOfTheHost(final int onDevice, final DataType type) throws Exception {
        final Outcome[] expected = new Outcome[RANKS];
        final Outcome[] actual = new Outcome[RANKS];
        try (LocalJob job = new LocalJob(RANKS, context())) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                expected[rank] = onHost(new Signum(communicator, N), rank, rank < onDevice ? type : DataType.FLOAT32);
            });
        }

        try (LocalJob job = new LocalJob(RANKS, context())) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                if (rank < onDevice) {
                    try (DeviceCollectives device = DeviceCollectives.open(communicator)) {
                        actual[rank] = onDevice(device, rank, type);
                    }
                } else {
                    actual[rank] = onHost(new Signum(communicator, N), rank, DataType.FLOAT32);
                }
            });
        }

        for (int rank = 0; rank < RANKS; rank++) {
            expected[rank].assertEqual(actual[rank], "rank " + rank);
        }
        assertTrue(actual[0].zeroCount > 0 && actual[0].notFiniteCount > 0, "neither zeros nor NaNs were met");
    }

    @Test
    void shouldRetryWithTheSameBallotsWhatAMissingRankBroke() throws Exception {
        final float[][] expected = new float[2][];
        try (LocalJob job = new LocalJob(2, context())) {
            job.run(communicator -> expected[communicator.rank()] =
                    onHost(new Signum(communicator, N), communicator.rank(), DataType.FLOAT32).parameters);
        }
        final LocalJob broken = new LocalJob(2, context().timeoutNs(TimeUnit.SECONDS.toNanos(1)));
        final LocalJob mended = new LocalJob(2, context());
        final Signum[] late = new Signum[1];
        try (DeviceCollectives device = DeviceCollectives.open(broken.rank(0));
                DeviceSignum signum = rates(new DeviceSignum(device, N));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long stream = device.kernels().newStream();
            final long x = arrays.of(start());
            final float[] y = start();
            late[0] = rates(new Signum(broken.rank(1), N));

            broken.run(communicator -> {
                if (communicator.rank() == 0) {
                    signum.step(arrays.of(gradients(0, 0)), DataType.FLOAT32, x, stream);
                } else {
                    late[0].step(gradients(1, 0), y);
                }
            });
            final long g = arrays.of(gradients(0, 1));
            final Throwable missing = broken.errors(communicator -> {
                        if (communicator.rank() == 0) {
                            signum.step(g, DataType.FLOAT32, x, stream);
                        }
                    })
                    .get(0);
            assertInstanceOf(RoundTimeoutException.class, missing);
            device.kernels().await(stream);
            assertArrayEquals(y, arrays.floats(x, N), "parameters were touched");
            assertThrows(VoteException.class, () -> late[0].step(gradients(1, 1), y));
            assertPending(signum, x, stream);
            // the caller's gradients are the caller's again
            arrays.put(new float[N], g);

            mended.run(communicator -> {
                if (communicator.rank() == 0) {
                    signum.retry(communicator, x, stream);
                } else {
                    late[0].retry(communicator, y);
                }
            });
            mended.run(communicator -> {
                for (int step = 2; step < STEPS; step++) {
                    if (communicator.rank() == 0) {
                        signum.step(arrays.of(gradients(0, step)), DataType.FLOAT32, x, stream);
                    } else {
                        late[0].step(gradients(1, step), y);
                    }
                }
            });

            device.kernels().await(stream);
            assertArrayEquals(expected[0], arrays.floats(x, N));
            assertArrayEquals(expected[1], y);
        } finally {
            CloseHelper.closeAll(late[0], broken, mended);
        }
    }

    private static void assertPending(final DeviceSignum signum, final long x, final long stream) {
        final String step = assertThrows(IllegalStateException.class, () -> signum.step(0, DataType.FLOAT32, x, stream))
                .getMessage();
        final String save = assertThrows(IllegalStateException.class, () -> signum.save(new ByteArrayOutputStream()))
                .getMessage();
        assertMessage(step, "step=2 has failed, retry it over a new communicator first");
        assertMessage(save, "step=2 has failed, retry it before saving");
    }

    @Test
    void shouldCountAllAndRetryWhatAStrictRankRefused() throws Exception {
        try (LocalJob strict = new LocalJob(1, context().strict(true));
                LocalJob lenient = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(strict.rank(0));
                DeviceSignum signum = rates(new DeviceSignum(device, N));
                Signum host = rates(new Signum(strict.rank(0), N));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final float[] gradients = gradients(0, 0);
            final long x = arrays.of(start());
            final float[] y = start();

            final List<Throwable> refused =
                    strict.errors(communicator -> signum.step(arrays.of(gradients), DataType.FLOAT32, x, 0));
            final List<Throwable> also = strict.errors(communicator -> host.step(gradients, y));
            lenient.run(communicator -> signum.retry(communicator, x, 0));
            lenient.run(communicator -> host.retry(communicator, y));
            device.kernels().await(0);

            assertInstanceOf(VoteException.class, refused.get(0));
            assertMessage(refused.get(0), "step=1: gradients [");
            assertInstanceOf(VoteException.class, also.get(0));
            assertArrayEquals(y, arrays.floats(x, N));
            assertEquals(host.zeroCount(), signum.zeroCount());
            assertEquals(host.notFiniteCount(), signum.notFiniteCount());
            // both count on the same communicator
            final Census census = strict.rank(0).census();
            assertEquals(2 * signum.zeroCount(), census.zeros());
            assertEquals(2 * signum.notFiniteCount(), census.notFinite());
        }
    }

    @Test
    void shouldRestoreWhatTheOtherKindSaved() throws Exception {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                DeviceSignum first = rates(new DeviceSignum(device, N));
                Signum second = rates(new Signum(job.rank(0), N));
                DeviceSignum third = rates(new DeviceSignum(device, N));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long x = arrays.of(start());
            job.run(communicator -> first.step(arrays.of(gradients(0, 0)), DataType.FLOAT32, x, 0));
            final byte[] saved = saved(first);

            second.restore(new ByteArrayInputStream(saved));
            third.restore(new ByteArrayInputStream(saved));

            assertEquals(1, second.steps());
            assertEquals(1, third.steps());
            assertArrayEquals(saved, saved(second));
            assertArrayEquals(saved, saved(third));
            saved[100] ^= 1;
            assertThrows(IOException.class, () -> third.restore(new ByteArrayInputStream(saved)));
            saved[100] ^= 1;
            assertArrayEquals(saved, saved(third));
        }
    }

    @Test
    void shouldLeaveEveryBitOfTheParametersAtARateOfZero() throws Exception {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                DeviceSignum signum = rates(new DeviceSignum(device, 4));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final float[] parameters = {-0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE, 1};
            final long x = arrays.of(parameters);
            final long g = arrays.of(new float[] {1, 1, 1, 1});

            signum.learningRate(0).step(g, DataType.FLOAT32, x, 0);
            device.kernels().await(0);

            assertArrayEquals(parameters, arrays.floats(x, 4));
            assertEquals(1, signum.steps());
            signum.learningRate(1).weightDecay(0).step(g, DataType.FLOAT32, x, 0);
            device.kernels().await(0);
            assertEquals(0, arrays.floats(x, 4)[3]);
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() throws Exception {
        try (LocalJob job = new LocalJob(1, context());
                DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                DeviceSignum signum = new DeviceSignum(device, 10)) {
            assertThrows(ConfigurationException.class, () -> new DeviceSignum(device, -1).close());
            assertThrows(ConfigurationException.class, () -> signum.learningRate(-1));
            assertThrows(ConfigurationException.class, () -> signum.momentum(1));
            assertThrows(ConfigurationException.class, () -> signum.weightDecay(-1));
            assertThrows(ConfigurationException.class, () -> signum.step(0, DataType.SIGN, 0, 0));
            assertThrows(ConfigurationException.class, () -> signum.retry(job.rank(0), 0, 0));
            assertEquals(0, signum.steps());
        }
    }

    private static Outcome onHost(final Signum signum, final int rank, final DataType type) throws IOException {
        final float[] x = start();
        try (signum) {
            rates(signum);
            for (int step = 0; step < STEPS; step++) {
                signum.step(type == DataType.FLOAT32 ? gradients(rank, step) : widened(rank, step, type), x);
            }
            return new Outcome(x, saved(signum), signum.zeroCount(), signum.notFiniteCount());
        }
    }

    private static Outcome onDevice(final DeviceCollectives device, final int rank, final DataType type)
            throws IOException {
        try (DeviceSignum signum = rates(new DeviceSignum(device, N));
                DeviceArrays arrays = new DeviceArrays(device.kernels())) {
            final long stream = device.kernels().newStream();
            final long x = arrays.of(start());
            for (int step = 0; step < STEPS; step++) {
                final long g =
                        type == DataType.FLOAT32 ? arrays.of(gradients(rank, step)) : arrays.of(narrow(rank, step));
                signum.step(g, type, x, stream);
            }
            device.kernels().await(stream);
            return new Outcome(arrays.floats(x, N), saved(signum), signum.zeroCount(), signum.notFiniteCount());
        }
    }

    private static Signum rates(final Signum signum) {
        return signum.learningRate(1e-3f).momentum(0.9f).weightDecay(0.01f);
    }

    private static DeviceSignum rates(final DeviceSignum signum) {
        return signum.learningRate(1e-3f).momentum(0.9f).weightDecay(0.01f);
    }

    private static byte[] saved(final Signum signum) throws IOException {
        final ByteArrayOutputStream target = new ByteArrayOutputStream();
        signum.save(target);
        return target.toByteArray();
    }

    private static byte[] saved(final DeviceSignum signum) throws IOException {
        final ByteArrayOutputStream target = new ByteArrayOutputStream();
        signum.save(target);
        return target.toByteArray();
    }

    private static Context context() {
        return new Context().seed(SEED);
    }

    private static float[] start() {
        final SplittableRandom random = new SplittableRandom(SEED);
        final float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    private static float[] gradients(final int rank, final int step) {
        final SplittableRandom random = new SplittableRandom(SEED + 100 * step + rank);
        final float[] g = new float[N];
        for (int i = 0; i < N; i++) {
            final float noise = (float) random.nextDouble(-1, 1);
            g[i] = switch (i % 16) {
                case 3 -> step == 0 ? 0f : noise;
                case 4 -> -0f;
                case 5 -> step == 1 ? Float.POSITIVE_INFINITY : noise;
                case 6 -> Math.round(noise * 9) * Float.MIN_VALUE;
                case 7 -> Float.NaN;
                default -> noise;
            };
        }
        return g;
    }

    private static short[] narrow(final int rank, final int step) {
        final SplittableRandom random = new SplittableRandom(SEED + 100 * step + rank);
        final short[] g = new short[N];
        for (int i = 0; i < N; i++) {
            g[i] = (short) (i % 16 == 3 ? 0 : random.nextInt());
        }
        return g;
    }

    private static float[] widened(final int rank, final int step, final DataType type) {
        final short[] narrow = narrow(rank, step);
        final float[] g = new float[N];
        for (int i = 0; i < N; i++) {
            g[i] = Narrow.widen(narrow[i], type);
        }
        return g;
    }

    private record Outcome(float[] parameters, byte[] state, long zeroCount, long notFiniteCount) {
        void assertEqual(final Outcome other, final String what) {
            assertArrayEquals(parameters, other.parameters, what);
            assertArrayEquals(state, other.state, what);
            assertEquals(zeroCount, other.zeroCount, what);
            assertEquals(notFiniteCount, other.notFiniteCount, what);
        }
    }
}
