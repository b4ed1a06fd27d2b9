package io.signvote.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.bits.OffHeap;
import io.signvote.error.DeviceException;
import io.signvote.error.VoteException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.ZeroPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that nothing orders run in any order on the emulated device, so that an order that is missing shows. */
class DeviceOrderTest {
    private static final int N = 9_001;
    private static final int STRETCH_MIN = 256;
    private static final int ROUNDS = 4;
    private static final int SEEDS = 12;
    private static final int STRETCHES = 3;
    private static final int FOLLOWS = 1 + STRETCHES + STRETCHES + 1;

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
            TestDevice.configure(order(seed));
            final AtomicInteger follows = new AtomicInteger();
            assertTrue(isRight(forgetting(null, follows)), "seed=" + seed);
            assertEquals(ROUNDS * FOLLOWS, follows.get(), "the device was asked to order streams");
        }
    }

    /** Each order of streams is needed: without any one of them, verdicts are wrong. */
    @ParameterizedTest
    @EnumSource(names = {"PACKED", "SENT", "USED"})
    void shouldCatchAMissingOrderOfStreams(final Order forgotten) {
        int wrong = 0;
        for (int seed = 0; seed < SEEDS && wrong == 0; seed++) {
            TestDevice.configure(order(seed));
            wrong += isRight(forgetting(forgotten, new AtomicInteger())) ? 0 : 1;
        }

        assertTrue(wrong > 0, "none of " + SEEDS + " runs without the order of " + forgotten + " went wrong");
    }

    /** What a pack that failed half way has asked for does not come after the next, which another stream asks for. */
    @ParameterizedTest
    // none, the one that the error calls for, and the first of the second pack
    @ValueSource(ints = {0, 3, 4})
    void shouldPackAfterWhatAFailedPackAskedFor(final int forgotten) {
        int wrong = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            wrong += isSecondBallotThere(forgotten, seed) ? 0 : 1;
        }

        assertEquals(forgotten != 0, wrong > 0, wrong + " of " + SEEDS + " runs went wrong");
    }

    private static boolean isSecondBallotThere(final int forgotten, final int seed) {
        final AtomicInteger follows = new AtomicInteger();
        try (CudaDevice device = CudaDevice.open(0);
                DeviceVote vote = new DeviceVote(
                        DeviceSpy.on(device, (call, args) -> {
                            if (!call.equals("follow")) {
                                return true;
                            }
                            final int made = follows.incrementAndGet();
                            if (made == 2) {
                                throw new DeviceException("refused");
                            }
                            return made != forgotten;
                        }),
                        N,
                        STRETCH_MIN);
                OffHeap words = new OffHeap(1 << 12)) {
            final float[] values = new float[N];
            Arrays.fill(values, -1);
            final DeviceBallots first = ballots(device, new float[N]);
            final DeviceBallots second = ballots(device, values);
            final long one = device.newStream();
            final long other = device.newStream();
            TestDevice.configure("hold=true");

            assertThrows(DeviceException.class, () -> vote.pack(first, N, one));
            assertFalse(vote.isPacked());
            vote.pack(second, N, other);
            TestDevice.configure("delay=50,seed=" + seed);
            while (!vote.source().isReady(0, N)) {
                Thread.onSpinWait();
            }
            vote.source().refill(0, N, words.address());
            device.await(one);
            device.await(other);

            boolean isThere = true;
            for (int w = 0; w < N / 64; w++) {
                isThere &= word(words, w) == -1;
            }
            return isThere;
        }
    }

    /** What the caller's stream waits for may never come, as where a peer that it needs is dead. */
    @Test
    void shouldNotWaitForTheDeviceInOrAfterARoundThatFails() throws Exception {
        final List<String> waits = new CopyOnWriteArrayList<>();
        final float[] values = gradients(0, 0);
        try (CudaDevice device = CudaDevice.open(0);
                LocalJob broken = new LocalJob(2, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(1)));
                LocalJob mended = new LocalJob(1, new Context());
                DeviceArrays arrays = new DeviceArrays(device)) {
            final DeviceKernels spied = DeviceSpy.on(device, (call, args) -> {
                if (call.equals("await") || call.equals("closeStream")) {
                    waits.add(call);
                }
                return true;
            });
            try (DeviceCollectives collectives = new DeviceCollectives(broken.rank(0), spied, STRETCH_MIN)) {
                final long lost = arrays.of(gradients(1, 0));
                final long source = arrays.of(values);
                final long stuck = device.newStream();
                final long stream = device.newStream();
                TestDevice.configure("hold=true");

                final List<Throwable> errors = broken.errors(communicator -> {
                    if (communicator.rank() == 0) {
                        collectives.allReduce(lost, lost, N, DataType.FLOAT32, ReduceOp.MAJORITY, stuck);
                    } else {
                        communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                    }
                });
                assertInstanceOf(VoteException.class, errors.get(0));
                assertInstanceOf(VoteException.class, errors.get(1));
                assertEquals(List.of(), waits);

                TestDevice.configure("delay=50");
                collectives.moveTo(mended.rank(0));
                mended.run(communicator ->
                        collectives.allReduce(source, source, N, DataType.FLOAT32, ReduceOp.MAJORITY, stream));
                device.await(stream);
                for (int i = 0; i < N; i++) {
                    values[i] = Math.copySign(1, values[i]);
                }
                assertArrayEquals(values, arrays.floats(source, N));
            }
        }
    }

    /** Nor where a call is larger than those before, and their memory too small for it. */
    @Test
    void shouldWaitForTheDeviceNeitherWhereACallIsLargerThanThoseBefore() throws Exception {
        try (CudaDevice device = CudaDevice.open(0);
                LocalJob job = new LocalJob(2, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(1)));
                DeviceCollectives collectives = new DeviceCollectives(job.rank(0), device, STRETCH_MIN);
                DeviceArrays arrays = new DeviceArrays(device)) {
            final long values = arrays.of(gradients(0, 0));
            final long stuck = device.newStream();
            final long stream = device.newStream();
            job.run(communicator -> {
                if (communicator.rank() == 0) {
                    collectives.allReduce(values, values, 64, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
                } else {
                    communicator.allReduce(new float[64], new float[64], ReduceOp.MAJORITY);
                }
            });
            device.await(stream);
            TestDevice.configure("hold=true");
            device.clear(values, 4, stuck);

            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 0) {
                    collectives.allReduce(values, values, N, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
                } else {
                    communicator.allReduce(new float[N], new float[N], ReduceOp.MAJORITY);
                }
            });

            assertInstanceOf(VoteException.class, errors.get(0));
            assertFalse(device.isIdle(stuck), "somebody waited for a stream of the caller");
            TestDevice.configure("hold=false");
        }
    }

    @Test
    void shouldNotBeReadyBeforeTheDeviceIs() {
        TestDevice.configure("hold=true");
        try (CudaDevice device = CudaDevice.open(0);
                DeviceVote vote = new DeviceVote(device, N, STRETCH_MIN);
                OffHeap words = new OffHeap(1 << 12)) {
            vote.pack(ballots(device, minusOnes()), N, 0);

            for (int i = 0; i < 1_000; i++) {
                assertFalse(vote.source().isReady(0, 1024));
            }
            TestDevice.configure("hold=false");
            while (!vote.source().isReady(N - 1 - (N - 1) % 64, N % 64)) {
                Thread.onSpinWait();
            }
            vote.source().fill(64, 128, words.address());

            assertTrue(vote.isPacked());
            assertArrayEquals(new long[] {-1, -1, 0}, new long[] {word(words, 0), word(words, 1), word(words, 2)});
        }
    }

    /** By chance, and with what was asked for last going first. */
    private static String order(final int seed) {
        return (seed % 2 == 0 ? "delay=50" : "streams=newest,delay=1000") + ",seed=" + seed;
    }

    /**
     * Several rounds of two ranks, of which one has the device and asks for rounds in two streams in turn, waiting for neither;
     * true if its verdicts are those that ranks without devices come to.
     */
    private static boolean isRight(final DeviceKernels kernels) {
        final float[][] expected = new float[ROUNDS][];
        final float[][] verdicts = new float[ROUNDS][];
        try (LocalJob host = new LocalJob(2, new Context());
                LocalJob job = new LocalJob(2, new Context())) {
            host.run(communicator -> {
                for (int round = 0; round < ROUNDS; round++) {
                    final float[] values = gradients(communicator.rank(), round);
                    communicator.allReduce(values, values, ReduceOp.MAJORITY);
                    expected[round] = values;
                }
            });
            job.run(communicator -> {
                if (communicator.rank() == 0) {
                    voteOnDevice(communicator, kernels, verdicts);
                    return;
                }
                for (int round = 0; round < ROUNDS; round++) {
                    final float[] values = gradients(1, round);
                    communicator.allReduce(values, values, ReduceOp.MAJORITY);
                }
            });
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
        return Arrays.deepEquals(expected, verdicts);
    }

    private static void voteOnDevice(
            final Communicator communicator, final DeviceKernels kernels, final float[][] verdicts) {
        try (DeviceCollectives device = new DeviceCollectives(communicator, kernels, STRETCH_MIN);
                DeviceArrays arrays = new DeviceArrays(kernels)) {
            final long[] streams = {kernels.newStream(), kernels.newStream()};
            final long[] values = new long[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                values[round] = arrays.of(gradients(0, round));
            }
            for (int round = 0; round < ROUNDS; round++) {
                final long stream = streams[round % 2];
                device.allReduce(values[round], values[round], N, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
            }
            kernels.await(streams[0]);
            kernels.await(streams[1]);
            for (int round = 0; round < ROUNDS; round++) {
                verdicts[round] = arrays.floats(values[round], N);
            }
        }
    }

    /** Why one stream is to wait for another, in the order of a round. */
    private enum Order {
        /** Packing waits for what an earlier round has asked for. */
        FREE(1),
        /** The way to the host waits for packing. */
        PACKED(STRETCHES),
        /** The use of the verdict waits for its way to the device. */
        SENT(STRETCHES),
        /** The next verdict waits for the use of this one. */
        USED(1);

        private final int count;

        Order(final int count) {
            this.count = count;
        }

        static Order of(final int index) {
            int end = 0;
            for (final Order order : values()) {
                end += order.count;
                if (index < end) {
                    return order;
                }
            }
            throw new AssertionError("no order " + index);
        }
    }

    /** A device that forgets one of the orders. */
    private static DeviceKernels forgetting(final Order forgotten, final AtomicInteger follows) {
        return DeviceSpy.on(
                CudaDevice.open(0),
                (call, args) -> !call.equals("follow") || Order.of(follows.getAndIncrement() % FOLLOWS) != forgotten);
    }

    private static DeviceBallots ballots(final DeviceKernels device, final float[] values) {
        final long address;
        try (DeviceArrays arrays = new DeviceArrays(device)) {
            address = arrays.of(values);
        }
        return new DeviceBallots() {
            @Override
            public void pack(
                    final long coordinate, final long n, final long words, final long counts, final long stream) {
                device.packSigns(
                        address + 4 * coordinate,
                        DataType.FLOAT32,
                        words,
                        n,
                        ZeroPolicy.POSITIVE,
                        0,
                        coordinate / 64,
                        counts,
                        stream);
            }

            @Override
            public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
                assertEquals(0, notFinite);
            }
        };
    }

    private static float[] minusOnes() {
        final float[] values = new float[N];
        Arrays.fill(values, -1);
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
