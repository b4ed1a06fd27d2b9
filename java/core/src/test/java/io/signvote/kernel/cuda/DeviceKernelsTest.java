package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.Narrow;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.kernel.Counts;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract of all backends cannot reach: narrow gradients, the tally in one pass, and device addresses that are aligned to
 * no more than they must be. Everything is laid out in host memory, run by the oracle there and by the kernel on a copy, and all
 * of it is compared, so that a write beside the target shows.
 */
@Tag("gpu")
class DeviceKernelsTest {
    private static final int LENGTH = 1 << 20;
    private static final long SEED = 20;

    private final Kernels oracle = new ScalarKernels();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private CudaDevice kernels;
    private OffHeap host;
    private long pinned;
    private long device;
    private long stream;

    @BeforeEach
    void layOut() {
        TestDevice.require();
        kernels = CudaDevice.open(0);
        host = new OffHeap(LENGTH);
        pinned = kernels.allocatePinned(LENGTH);
        device = kernels.allocate(LENGTH);
        stream = kernels.newStream();
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            UnsafeApi.putLong(host.address() + i, random.nextLong());
        }
    }

    @AfterEach
    void giveBack() {
        host.close();
        kernels.close();
        TestDevice.assertClean();
    }

    /** A place in both memories that is a multiple of some alignment and of no larger one. */
    private static int place(final int eighth, final int alignment) {
        return eighth * (LENGTH / 8) + 256 + alignment;
    }

    private void send() {
        UnsafeApi.copyMemory(host.address(), pinned, LENGTH);
        kernels.upload(pinned, device, LENGTH, stream);
    }

    private void compare(final String what, final int floatsAt, final int floats) {
        kernels.download(device, pinned, LENGTH, stream);
        kernels.await(stream);
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            final int expected = UnsafeApi.getInt(host.address() + i);
            final int actual = UnsafeApi.getInt(pinned + i);
            final boolean isFloat = i >= floatsAt && i < floatsAt + 4 * floats;
            if (expected != actual && !(isFloat && isNaN(expected) && isNaN(actual))) {
                fail(what + ": byte " + i + " is " + Integer.toHexString(actual) + ", expected "
                        + Integer.toHexString(expected));
            }
        }
    }

    private static boolean isNaN(final int bits) {
        return Float.isNaN(Float.intBitsToFloat(bits));
    }

    private long host(final int place) {
        return host.address() + place;
    }

    private long device(final int place) {
        return device + place;
    }

    private void addCounts(final int place, final long counts) {
        UnsafeApi.putLong(host(place), UnsafeApi.getLong(host(place)) + (Counts.zeros(counts)));
        UnsafeApi.putLong(host(place + 8), UnsafeApi.getLong(host(place + 8)) + (Counts.notFinite(counts)));
    }

    /** Some of the values to pack are zeros, some not finite; widened for the oracle. */
    private OffHeap narrow(final int place, final int n, final DataType type) {
        final OffHeap wide = new OffHeap(4L * n);
        for (int i = 0; i < n; i++) {
            if (type == DataType.FLOAT32) {
                final float value = i % 9 == 0 ? 0f : i % 11 == 0 ? Float.NaN : (float) random.nextDouble(-1, 1);
                UnsafeApi.putFloat(host(place + 4 * i), value);
                UnsafeApi.putFloat(wide.address() + 4L * i, value);
            } else {
                final short value = i % 9 == 0 ? (short) 0x8000 : (short) random.nextInt();
                UnsafeApi.putShort(host(place + 2 * i), value);
                UnsafeApi.putFloat(wide.address() + 4L * i, Narrow.widen(value, type));
            }
        }
        return wide;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 255, 256, 257, 4095, 20_003})
    void shouldPackAnyFloatAtAnyAddress(final int n) {
        for (final DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
            for (final ZeroPolicy policy : new ZeroPolicy[] {ZeroPolicy.RANDOM, ZeroPolicy.POSITIVE}) {
                for (final int alignment : new int[] {0, 8, 2}) {
                    final int values = place(0, type == DataType.FLOAT32 ? alignment & -4 : alignment);
                    final int words = place(2, alignment & -8);
                    final int counts = place(3, 0);
                    try (OffHeap wide = narrow(values, n, type)) {
                        send();

                        final long counted = oracle.packSigns(wide.address(), host(words), n, policy, 11, 1L << 33);
                        addCounts(counts, counted);
                        kernels.packSigns(
                                device(values), type, device(words), n, policy, 11, 1L << 33, device(counts), stream);

                        compare("packSigns " + type + " n=" + n + " " + policy + " alignment=" + alignment, 0, 0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 255, 256, 257, 4095, 20_003})
    void shouldAdvanceMomentumByAnyFloatAtAnyAddress(final int n) {
        for (final DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
            for (final int alignment : new int[] {0, 8, 2}) {
                final int gradients = place(0, type == DataType.FLOAT32 ? alignment & -4 : alignment);
                final int momentum = place(2, alignment & -4);
                try (OffHeap wide = narrow(gradients, n, type)) {
                    advance(n, type, gradients, wide, momentum, ZeroPolicy.RANDOM, "alignment=" + alignment);
                }
            }
        }
    }

    /** float16 has nothing between 0 and 2^-24, so its momentum is alone among the tiny. */
    @ParameterizedTest
    @ValueSource(ints = {65, 256, 4095})
    void shouldWriteMomentumBelowTheSmallestNormalAsZero(final int n) {
        for (final DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
            for (final ZeroPolicy policy : new ZeroPolicy[] {ZeroPolicy.RANDOM, ZeroPolicy.POSITIVE}) {
                final int gradients = place(0, 0);
                final int momentum = place(2, 0);
                try (OffHeap wide = narrow(gradients, n, type)) {
                    for (int i = 0; i < n; i++) {
                        final float g = type == DataType.FLOAT16 || i % 3 == 0 ? 0 : tiny();
                        final int bits = Float.floatToRawIntBits(g);
                        if (type == DataType.FLOAT32) {
                            UnsafeApi.putInt(host(gradients + 4 * i), bits);
                        } else {
                            UnsafeApi.putShort(host(gradients + 2 * i), (short) (bits >> 16));
                        }
                        final int widened = type == DataType.FLOAT32 ? bits : bits & 0xFFFF_0000;
                        UnsafeApi.putInt(wide.address() + 4L * i, widened);
                        UnsafeApi.putFloat(host(momentum + 4 * i), tiny());
                    }
                    final String what = policy + " tiny";
                    for (int step = 0; step < 3; step++) {
                        advance(n, type, gradients, wide, momentum, policy, what);
                    }
                }
            }
        }
    }

    /** Magnitudes from 0 to 2^-123. */
    private float tiny() {
        return Float.intBitsToFloat(random.nextInt(4 * 0x0080_0000) | random.nextInt(2) << 31);
    }

    private void advance(
            final int n,
            final DataType type,
            final int gradients,
            final OffHeap wide,
            final int momentum,
            final ZeroPolicy policy,
            final String what) {
        final int words = place(4, momentum & 8);
        final int counts = place(5, 0);
        send();

        final long counted =
                oracle.momentumPackSigns(wide.address(), host(momentum), host(words), n, 0.9f, 1 - 0.9f, policy, 5, 77);
        addCounts(counts, counted);
        kernels.momentumPackSigns(
                device(gradients),
                type,
                device(momentum),
                device(words),
                n,
                0.9f,
                1 - 0.9f,
                policy,
                5,
                77,
                device(counts),
                stream);

        compare("momentumPackSigns " + type + " n=" + n + " " + what, momentum, n);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 9, 15, 16, 31, 64, 128, 255})
    void shouldTallyInOnePassAsAccumulateAndMajorityDo(final int ballots) {
        final int n = 3_001;
        final int wordCount = (int) Words.count(n);
        final int stride = wordCount + 1;
        for (final TiePolicy policy : new TiePolicy[] {TiePolicy.RANDOM, TiePolicy.POSITIVE, TiePolicy.NEGATIVE}) {
            final int votes = place(0, 8);
            final int planes = place(6, 8);
            final int words = place(7, 0);
            final int ties = place(7, 4096);
            send();

            for (int counted = 0; counted < ballots; counted++) {
                final int ballot = votes + 8 * stride * counted;
                oracle.accumulate(host(ballot), host(planes), stride, wordCount, counted);
                kernels.accumulate(device(ballot), device(planes), stride, wordCount, counted, stream);
            }
            compare("accumulate of " + ballots, 0, 0);
            final int tied = oracle.majority(host(planes), stride, host(words), n, ballots, policy, 3, 9);
            UnsafeApi.putLong(host(ties), UnsafeApi.getLong(host(ties)) + 2L * tied);
            kernels.majority(device(planes), stride, device(words), n, ballots, policy, 3, 9, device(ties), stream);
            kernels.clear(device(words), 8L * wordCount, stream);
            kernels.tally(device(votes), stride, ballots, device(words), n, policy, 3, 9, device(ties), stream);

            compare("tally of " + ballots + " " + policy, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 257, 4095, 20_003})
    void shouldUnpackApplyAndAddAtAnyAddress(final int n) {
        for (final int alignment : new int[] {0, 8, 4}) {
            final int words = place(0, alignment & -8);
            final int x = place(1, alignment);
            final int signs = place(3, alignment);
            send();

            oracle.applySigns(host(words), host(x), n, 0.1f, 0.01f);
            kernels.applySigns(device(words), device(x), n, 0.1f, 0.01f, stream);
            compare("applySigns n=" + n + " alignment=" + alignment, x, n);
            oracle.unpackSigns(host(words), host(signs), n);
            kernels.unpackSigns(device(words), device(signs), n, stream);
            compare("unpackSigns n=" + n + " alignment=" + alignment, x, n);
            oracle.add(host(signs), host(x), n);
            kernels.add(device(signs), device(x), n, stream);
            compare("add n=" + n + " alignment=" + alignment, x, n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldRunOnEveryDevice(final int ordinal) {
        final int count = CudaDriver.report().devices().size();
        assumeTrue(ordinal < count, () -> "this machine has devices 0 to " + (count - 1));
        try (DeviceKernels other = CudaDevice.open(ordinal);
                DeviceArrays arrays = new DeviceArrays(other)) {
            final long target = arrays.of(new float[] {1, 2, 3});
            other.add(arrays.of(new float[] {4, 5, 6}), target, 3, 0);
            other.await(0);

            assertEquals(ordinal, other.device());
            assertEquals(9, arrays.floats(target, 3)[2]);
        }
    }
}
