package io.signvote.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import io.signvote.kernel.cuda.CudaKernels;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every backend gives the bits of {@link ScalarKernels}, at any size and address, and writes only its target. */
abstract class KernelsContract {
    /** Stands for a large size, which depends on the backend. */
    private static final int LARGE = Integer.MAX_VALUE;
    /** From here on planes are compared at the end alone. */
    private static final int MANY = 10_000;

    private static final List<ZeroPolicy> ZERO_POLICIES = List.of(ZeroPolicy.POSITIVE, ZeroPolicy.RANDOM);
    private static final List<TiePolicy> TIE_POLICIES =
            List.of(TiePolicy.POSITIVE, TiePolicy.RANDOM, TiePolicy.NEGATIVE);

    /** Offsets of words and of floats from a multiple of 64. */
    private static final int[][] OFFSETS = {{0, 0}, {8, 4}, {1, 12}, {27, 60}};

    private static final long SEED = seed();

    private final Kernels oracle = new ScalarKernels();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Parameter
    private Backend backend;

    private Kernels kernels;
    private int offsets;

    @BeforeEach
    void takeKernels() {
        kernels = backend.kernels();
    }

    @AfterEach
    void giveBack() {
        if (kernels instanceof CudaKernels onDevice) {
            onDevice.close();
            TestDevice.assertClean();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldPackSigns(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        for (final Fill fill : Fill.values()) {
            for (final ZeroPolicy policy : ZERO_POLICIES) {
                packSigns(n, fill, policy, nextOffsets());
            }
        }
    }

    private void packSigns(final int n, final Fill fill, final ZeroPolicy policy, final int[] offset) {
        final String what = what("packSigns", n, fill + " " + policy);
        final FencedMemory[] words = FencedMemory.pair(Words.length(n), offset[0], random);
        final long key = random.nextLong();
        final long firstWord = random.nextLong(1L << 40);
        try (FencedMemory values = new FencedMemory(4L * n, offset[1])) {
            fill.fill(n, random, values.address());

            final long expected = oracle.packSigns(values.address(), words[0].address(), n, policy, key, firstWord);
            final long actual = kernels.packSigns(values.address(), words[1].address(), n, policy, key, firstWord);

            assertEquals(Long.toHexString(expected), Long.toHexString(actual), what);
            words[1].assertSameBytes(words[0], what);
            values.assertFencesStand(what);
        }
        close(words, what);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldAdvanceMomentumAndPackSigns(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        final float[][] betas = {{0.9f, 1 - 0.9f}, {0, 1}, {0.5f, 0.5f}, {3e38f, -3e38f}};
        for (final Fill gradient : Fill.values()) {
            for (final Fill momentum : List.of(Fill.ALL_ZERO, Fill.GRADIENT, Fill.SPECIAL, Fill.ANY_BITS)) {
                final ZeroPolicy policy = ZERO_POLICIES.get(random.nextInt(2));
                momentumPackSigns(n, gradient, momentum, policy, betas[random.nextInt(betas.length)], nextOffsets());
            }
        }
    }

    /** With a beta of 0 the momentum is the gradient. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4095})
    void shouldWriteMomentumBelowTheSmallestNormalAsZero(final int n) {
        for (final float[] beta : new float[][] {{0, 1}, {0.5f, 0.5f}, {0.9f, 1 - 0.9f}, {0.999f, 1 - 0.999f}}) {
            for (final ZeroPolicy policy : ZERO_POLICIES) {
                for (final Fill momentum : List.of(Fill.ALL_ZERO, Fill.TINY, Fill.SPECIAL)) {
                    momentumPackSigns(n, Fill.TINY, momentum, policy, beta, nextOffsets());
                    momentumPackSigns(n, Fill.ALL_ZERO, momentum, policy, beta, nextOffsets());
                }
            }
        }
    }

    private void momentumPackSigns(
            final int n,
            final Fill gradient,
            final Fill momentum,
            final ZeroPolicy policy,
            final float[] beta,
            final int[] offset) {
        final String what = what("momentumPackSigns", n, gradient + " onto " + momentum + " beta " + beta[0]);
        final FencedMemory[] words = FencedMemory.pair(Words.length(n), offset[0], random);
        final FencedMemory[] v = FencedMemory.pair(4L * n, offset[1], random);
        final long key = random.nextLong();
        final long firstWord = random.nextLong(1L << 40);
        try (FencedMemory g = new FencedMemory(4L * n, (offset[1] + 4) % 64)) {
            gradient.fill(n, random, g.address());
            momentum.fill(n, random, v[0].address(), v[1].address());

            final long expected = oracle.momentumPackSigns(
                    g.address(), v[0].address(), words[0].address(), n, beta[0], beta[1], policy, key, firstWord);
            final long actual = kernels.momentumPackSigns(
                    g.address(), v[1].address(), words[1].address(), n, beta[0], beta[1], policy, key, firstWord);

            assertEquals(Long.toHexString(expected), Long.toHexString(actual), what);
            words[1].assertSameBytes(words[0], what);
            v[1].assertSameFloats(v[0], what);
            g.assertFencesStand(what);
        }
        close(v, what);
        close(words, what);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldUnpackSigns(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        for (final int[] offset : OFFSETS) {
            final String what = what("unpackSigns", n, "");
            final FencedMemory[] words = FencedMemory.pair(Words.length(n), offset[0], random);
            final FencedMemory[] values = FencedMemory.pair(4L * n, offset[1], random);

            oracle.unpackSigns(words[0].address(), values[0].address(), n);
            kernels.unpackSigns(words[1].address(), values[1].address(), n);

            values[1].assertSameFloats(values[0], what);
            words[1].assertSameBytes(words[0], what);
            close(words, what);
            close(values, what);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldTallyAndConclude(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        for (final int worldSize : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 254, 255}) {
            tally(n, worldSize, random::nextLong, nextOffsets());
        }
        for (final int worldSize : new int[] {2, 7, 255}) {
            tally(n, worldSize, () -> 0, nextOffsets());
            tally(n, worldSize, () -> -1, nextOffsets());
        }
    }

    /** One ballot after another, and a verdict after each: 1 to 8 planes, all thresholds. */
    @Test
    void shouldConcludeForEveryNumberOfRanks() {
        final int n = 127;
        final int[] offset = nextOffsets();
        final int wordCount = (int) Words.count(n);
        final FencedMemory[] planes = FencedMemory.pair(8L * wordCount * 8, offset[0], random);
        try (FencedMemory ballot = new FencedMemory(8L * wordCount, offset[0] / 2)) {
            for (int counted = 0; counted < 255; counted++) {
                for (long w = 0; w < wordCount; w++) {
                    // in lane i, about i in 64 vote for negative, so that counts lie around every threshold
                    long word = 0;
                    for (int lane = 0; lane < 64; lane++) {
                        word |= (random.nextInt(64) < lane ? 1L : 0) << lane;
                    }
                    UnsafeApi.putLong(ballot.address() + 8 * w, word);
                }
                for (int i = 0; i < 2; i++) {
                    (i == 0 ? oracle : kernels)
                            .accumulate(ballot.address(), planes[i].address(), wordCount, wordCount, counted);
                }
                planes[1].assertSameBytes(planes[0], what("accumulate", n, "counted=" + counted));
                for (final TiePolicy policy : TIE_POLICIES) {
                    conclude(planes, wordCount, n, counted + 1, policy, offset);
                }
            }
        }
        close(planes, what("majority", n, "worldSize=1..255"));
    }

    private void tally(final int n, final int worldSize, final LongSupplier ballots, final int[] offset) {
        final String what = what("tally", n, "worldSize=" + worldSize);
        final int wordCount = (int) Words.count(n);
        final int planeStride = wordCount + random.nextInt(4);
        final FencedMemory[] planes = FencedMemory.pair(8L * planeStride * 8, offset[0], random);
        try (FencedMemory ballot = new FencedMemory(8L * wordCount, offset[0] / 2)) {
            for (int counted = 0; counted < worldSize; counted++) {
                for (long w = 0; w < wordCount; w++) {
                    UnsafeApi.putLong(ballot.address() + 8 * w, ballots.getAsLong());
                }
                oracle.accumulate(ballot.address(), planes[0].address(), planeStride, wordCount, counted);
                kernels.accumulate(ballot.address(), planes[1].address(), planeStride, wordCount, counted);
                if (n < MANY || counted == worldSize - 1) {
                    planes[1].assertSameBytes(planes[0], what + " after " + counted);
                }
            }
            ballot.assertFencesStand(what);
        }
        for (final TiePolicy policy : TIE_POLICIES) {
            conclude(planes, planeStride, n, worldSize, policy, offset);
        }
        concludeInPlace(planes, planeStride, n, worldSize);
        close(planes, what);
    }

    private void conclude(
            final FencedMemory[] planes,
            final int planeStride,
            final int n,
            final int worldSize,
            final TiePolicy policy,
            final int[] offset) {
        final String what = what("majority", n, "worldSize=" + worldSize + " " + policy);
        final FencedMemory[] words = FencedMemory.pair(Words.length(n), offset[0], random);
        final long key = random.nextLong();
        final long at = random.nextLong(1L << 40);

        final int expected =
                oracle.majority(planes[0].address(), planeStride, words[0].address(), n, worldSize, policy, key, at);
        final int actual =
                kernels.majority(planes[1].address(), planeStride, words[1].address(), n, worldSize, policy, key, at);

        assertEquals(expected, actual, what);
        words[1].assertSameBytes(words[0], what);
        planes[1].assertSameBytes(planes[0], what);
        close(words, what);
    }

    private void concludeInPlace(final FencedMemory[] planes, final int planeStride, final int n, final int worldSize) {
        final String what = what("majority into plane 0", n, "worldSize=" + worldSize);
        final long key = Lot.key(SEED, 0, 1, Lot.NOBODY);

        for (int i = 0; i < 2; i++) {
            final long plane0 = planes[i].address();
            (i == 0 ? oracle : kernels).majority(plane0, planeStride, plane0, n, worldSize, TiePolicy.RANDOM, key, 0);
        }

        planes[1].assertSameBytes(planes[0], what);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldApplySigns(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        final float[][] rates = {{1e-4f, 0}, {0.1f, 0.01f}, {1, 1}, {Float.MIN_NORMAL, 1e-4f}, {3e38f, 3e38f}};
        for (final Fill fill : Fill.values()) {
            for (final float[] rate : rates) {
                final int[] offset = nextOffsets();
                final String what = what("applySigns", n, fill + " eta " + rate[0] + " lambda " + rate[1]);
                final FencedMemory[] words = FencedMemory.pair(Words.length(n), offset[0], random);
                final FencedMemory[] x = FencedMemory.pair(4L * n, offset[1], random);
                fill.fill(n, random, x[0].address(), x[1].address());

                oracle.applySigns(words[0].address(), x[0].address(), n, rate[0], rate[1]);
                kernels.applySigns(words[1].address(), x[1].address(), n, rate[0], rate[1]);

                x[1].assertSameFloats(x[0], what);
                words[1].assertSameBytes(words[0], what);
                close(x, what);
                close(words, what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 63, 64, 65, 127, 4095, 4096, LARGE})
    void shouldAdd(final int size) {
        final int n = size == LARGE ? backend.large() : size;
        for (final Fill fill : Fill.values()) {
            final int[] offset = nextOffsets();
            final String what = what("add", n, fill.toString());
            final FencedMemory[] target = FencedMemory.pair(4L * n, offset[1], random);
            Fill.ANY_BITS.fill(n, random, target[0].address(), target[1].address());
            try (FencedMemory source = new FencedMemory(4L * n, (offset[1] + 8) % 64)) {
                fill.fill(n, random, source.address());

                oracle.add(source.address(), target[0].address(), n);
                kernels.add(source.address(), target[1].address(), n);

                source.assertFencesStand(what);
            }
            target[1].assertSameFloats(target[0], what);
            close(target, what);
        }
    }

    /** 0.9^829 is the first power below 2^-126. */
    @ParameterizedTest
    @ValueSource(ints = {1, 64, 100})
    void shouldVoteByPolicyOnceMomentumWithoutGradientFallsBelowTheSmallestNormal(final int n) {
        final long key = random.nextLong();
        final String what = what("momentumPackSigns", n, "of dead gradients");
        try (FencedMemory g = new FencedMemory(4L * n, 0);
                FencedMemory v = new FencedMemory(4L * n, 4);
                FencedMemory words = new FencedMemory(Words.length(n), 0)) {
            UnsafeApi.setMemory(g.address(), 4L * n, (byte) 0);
            for (long i = 0; i < n; i++) {
                UnsafeApi.putFloat(v.address() + 4 * i, i % 2 == 0 ? -1 : 1);
            }

            for (int step = 1; step <= 831; step++) {
                final ZeroPolicy policy = ZERO_POLICIES.get(step % 2);
                final long counted = kernels.momentumPackSigns(
                        g.address(), v.address(), words.address(), n, 0.9f, 1 - 0.9f, policy, key, 0);

                assertEquals(step < 829 ? 0 : n, counted, what + " step=" + step);
                for (int i = 0; i < n; i++) {
                    final long lot = policy == ZeroPolicy.POSITIVE ? 0 : Lot.lots(key, i / 64) >>> i % 64 & 1;
                    final long expected = step >= 829 ? lot : 1 - i % 2;
                    final long word = UnsafeApi.getLong(words.address() + 8L * (i / 64));
                    assertEquals(expected, word >>> i % 64 & 1, what + " step=" + step + " coordinate " + i);
                }
            }
            for (long i = 0; i < n; i++) {
                assertEquals(0, UnsafeApi.getInt(v.address() + 4 * i), what + " momentum " + i);
            }
        }
    }

    private int[] nextOffsets() {
        return OFFSETS[offsets++ % OFFSETS.length];
    }

    private String what(final String operation, final int n, final String inputs) {
        return backend + " " + operation + " n=" + n + " " + inputs + " -Dsignvote.test.seed=" + SEED;
    }

    private static void close(final FencedMemory[] pair, final String what) {
        for (final FencedMemory memory : pair) {
            memory.assertFencesStand(what);
            memory.close();
        }
    }

    private static long seed() {
        final String named = System.getProperty("signvote.test.seed", "");
        return named.isEmpty() ? System.nanoTime() : Long.parseLong(named);
    }
}
