package io.signvote.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sizes of real models, bit for bit as the native kernels: grids that stride, segments of real length and, in the largest,
 * offsets beyond 2^31 bytes. On an emulated device only the least.
 */
@Tag("gpu")
class LargeDeviceTest {
    private static final int LARGE = 25_600_000;
    private static final int BLOCK_LENGTH = 1 << 26;
    private static final int BALLOTS = 4;
    private static final int LAST = 4_096;
    private static final int KEY = 5;

    private final Kernels oracle = NativeKernels.create("avx2");
    private DeviceKernels kernels;
    private long pinned;
    private long stream;

    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @ParameterizedTest
    @ValueSource(ints = {100_003, LARGE, 250_000_000, 600_000_001})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldGiveTheBitsOfTheNativeKernels(final int n) throws Exception {
        assumeFalse(n >= LARGE && TestDevice.isEmulated(), n + " coordinates take minutes on the emulated device");
        final int words = (int) Words.count(n);
        try (LocalJob job = new LocalJob(1, new Context().zeroPolicy(ZeroPolicy.POSITIVE));
                DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                OffHeap gradients = new OffHeap(4L * n);
                OffHeap momentum = new OffHeap(4L * n);
                OffHeap ballots = new OffHeap(8L * BALLOTS * words);
                OffHeap planes = new OffHeap(8L * 3 * words);
                OffHeap verdict = new OffHeap(8L * words)) {
            kernels = device.kernels();
            pinned = kernels.allocatePinned(BLOCK_LENGTH);
            stream = kernels.newStream();
            fill(gradients.address(), n);
            final long g = kernels.allocate(4L * n);
            final long m = kernels.allocate(4L * n);
            final long b = kernels.allocate(8L * BALLOTS * words);
            final long v = kernels.allocate(8L * words);
            final long counts = kernels.allocate(16);
            send(gradients.address(), g, 4L * n);
            kernels.clear(m, 4L * n, stream);

            kernels.clear(counts, 16, stream);
            final long zeros = oracle.packSigns(gradients.address(), ballots.address(), n, ZeroPolicy.RANDOM, KEY, 0);
            kernels.packSigns(g, DataType.FLOAT32, b, n, ZeroPolicy.RANDOM, KEY, 0, counts, stream);
            compare("packSigns", ballots.address(), b, 8L * words);
            assertEquals(zeros, word(counts));

            kernels.clear(counts, 16, stream);
            final long none = oracle.momentumPackSigns(
                    gradients.address(),
                    momentum.address(),
                    ballots.address() + 8L * words,
                    n,
                    0.9f,
                    1 - 0.9f,
                    ZeroPolicy.RANDOM,
                    KEY,
                    0);
            kernels.momentumPackSigns(
                    g,
                    DataType.FLOAT32,
                    m,
                    b + 8L * words,
                    n,
                    0.9f,
                    1 - 0.9f,
                    ZeroPolicy.RANDOM,
                    KEY,
                    0,
                    counts,
                    stream);
            compare("momentum", momentum.address(), m, 4L * n);
            compare("momentumPackSigns", ballots.address() + 8L * words, b + 8L * words, 8L * words);
            assertEquals(none, word(counts));

            for (int ballot = 2; ballot < BALLOTS; ballot++) {
                // any words will do: of the gradients' own bits
                final long some = gradients.address() + ballot * 8L;
                UnsafeApi.copyMemory(some, ballots.address() + 8L * ballot * words, 8L * words - 64);
            }
            send(ballots.address() + 16L * words, b + 16L * words, 16L * words);
            kernels.clear(counts, 16, stream);
            for (int ballot = 0; ballot < BALLOTS; ballot++) {
                oracle.accumulate(ballots.address() + 8L * ballot * words, planes.address(), words, words, ballot);
            }
            final int ties =
                    oracle.majority(planes.address(), words, verdict.address(), n, BALLOTS, TiePolicy.RANDOM, KEY, 0);
            ((CudaDevice) kernels).tally(b, words, BALLOTS, v, n, TiePolicy.RANDOM, KEY, 0, counts, stream);
            compare("tally", verdict.address(), v, 8L * words);
            assertEquals(ties, word(counts));

            oracle.applySigns(verdict.address(), gradients.address(), n, 0.1f, 0.01f);
            kernels.applySigns(v, g, n, 0.1f, 0.01f, stream);
            compare("applySigns", gradients.address(), g, 4L * n);

            oracle.packSigns(momentum.address(), verdict.address(), n, ZeroPolicy.POSITIVE, 0, 0);
            oracle.unpackSigns(verdict.address(), gradients.address(), n);
            job.run(communicator -> device.allReduce(m, g, n, DataType.FLOAT32, ReduceOp.MAJORITY, stream));
            compare("allReduce", gradients.address(), g, 4L * n);
        }
    }

    /** Coordinates beyond what an int counts: the last of them against the oracle, which gets their place in the whole. */
    @ParameterizedTest
    @ValueSource(longs = {100_003, (1L << 31) + 65})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldReachTheLastOfMoreThanTwoToThe31Coordinates(final long n) {
        assumeFalse(n >= LARGE && TestDevice.isEmulated(), n + " coordinates take minutes on the emulated device");
        final long first = (n - LAST) / 64 * 64;
        final int last = (int) (n - first);
        final int block = (int) Math.min(n, BLOCK_LENGTH / 2);
        try (CudaDevice device = CudaDevice.open(0);
                OffHeap floats = new OffHeap(4L * last);
                OffHeap words = new OffHeap(Words.length(last))) {
            kernels = device;
            pinned = kernels.allocatePinned(BLOCK_LENGTH);
            stream = kernels.newStream();
            final long g = kernels.allocate(2 * n);
            final long w = kernels.allocate(Words.length(n));
            final long x = kernels.allocate(4 * n);
            final long counts = kernels.allocate(16);
            for (int i = 0; i < block; i++) {
                UnsafeApi.putShort(pinned + 2L * i, bfloat16(i));
            }
            for (long done = 0; done < n; done += block) {
                kernels.upload(pinned, g + 2 * done, 2 * Math.min(block, n - done), stream);
            }
            kernels.clear(counts, 16, stream);
            kernels.await(stream);
            for (int i = 0; i < last; i++) {
                final short value = bfloat16((int) ((first + i) % block));
                UnsafeApi.putFloat(floats.address() + 4L * i, Float.intBitsToFloat(value << 16));
            }

            final long zeros =
                    oracle.packSigns(floats.address(), words.address(), last, ZeroPolicy.RANDOM, KEY, first / 64);
            kernels.packSigns(g, DataType.BFLOAT16, w, n, ZeroPolicy.RANDOM, KEY, 0, counts, stream);
            compare("packSigns", words.address(), w + first / 8, Words.length(last));
            assertTrue(zeros > 0 && word(counts) > zeros, "no zero was drawn");

            oracle.unpackSigns(words.address(), floats.address(), last);
            kernels.unpackSigns(w, x, n, stream);
            compare("unpackSigns", floats.address(), x + 4 * first, 4L * last);
        }
    }

    private static short bfloat16(final int i) {
        return (short) (i % 97 == 0 ? 0 : (i + 1) * 0x9E3779B9 >>> 16 & 0xBFFF);
    }

    /** Of both signs, some zeros of both signs. */
    private static void fill(final long values, final int n) {
        for (int i = 0; i < n; i++) {
            final int hash = (i + 1) * 0x9E3779B9;
            UnsafeApi.putFloat(values + 4L * i, i % 97 == 0 ? 0f : i % 101 == 0 ? -0f : hash * 0x1p-31f);
        }
    }

    private void send(final long source, final long target, final long length) {
        for (long done = 0; done < length; done += BLOCK_LENGTH) {
            final long block = Math.min(BLOCK_LENGTH, length - done);
            UnsafeApi.copyMemory(source + done, pinned, block);
            kernels.upload(pinned, target + done, block, stream);
            kernels.await(stream);
        }
    }

    private void compare(final String what, final long expected, final long actual, final long length) {
        for (long done = 0; done < length; done += BLOCK_LENGTH) {
            final long block = Math.min(BLOCK_LENGTH, length - done);
            kernels.download(actual + done, pinned, block, stream);
            kernels.await(stream);
            for (long i = 0; i < block; i += Integer.BYTES) {
                if (UnsafeApi.getInt(expected + done + i) != UnsafeApi.getInt(pinned + i)) {
                    fail(what + ": byte " + (done + i) + " of " + length + " differs");
                }
            }
        }
    }

    private long word(final long address) {
        kernels.download(address, pinned, Long.BYTES, stream);
        kernels.await(stream);
        return UnsafeApi.getLong(pinned);
    }
}
