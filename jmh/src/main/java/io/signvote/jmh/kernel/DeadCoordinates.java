package io.signvote.jmh.kernel;

import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.jmh.Medians;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.ZeroPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * What does momentumPackSigns take once the gradients of some coordinates have been zero for 1,000 steps? Three arms step in turns,
 * forwards and backwards: none dead, 10 % and 50 %. Prints medians of processor time and of the ratios to none dead, each taken within
 * one round, with a 95 % bootstrap interval. Ends with 1 when a median is over the budget.
 */
public final class DeadCoordinates {
    private static final int COORDINATES = 25_600_000;
    private static final int STEPS_BEFORE = 1_000;
    private static final int ROUNDS = 250;
    private static final double BUDGET = 1.15;
    private static final List<Double> SHARES = List.of(0.0, 0.1, 0.5);

    private DeadCoordinates() {}

    /**
     * Runs and prints.
     *
     * @param args tier of the native kernels, {@code avx2} or {@code scalar}.
     */
    public static void main(final String[] args) {
        final String tier = args[0];
        System.out.printf(
                "%s%n%s, %.1f M coordinates, %d steps before %d rounds of 2 steps an arm%n%n",
                NativeKernels.build(), tier, COORDINATES / 1e6, STEPS_BEFORE, ROUNDS);
        final double[][] times = measure(NativeKernels.create(tier), COORDINATES, STEPS_BEFORE, ROUNDS);
        System.exit(print(times) ? 0 : 1);
    }

    /**
     * Steps every arm, then times them in turns.
     *
     * @param kernels that step.
     * @param n coordinates.
     * @param stepsBefore steps of each arm that are not timed.
     * @param rounds each steps every arm twice.
     * @return mean processor time of a step, in ms, by arm and round.
     */
    public static double[][] measure(final Kernels kernels, final int n, final int stepsBefore, final int rounds) {
        final SplittableRandom random = new SplittableRandom(42);
        final List<Arm> arms =
                SHARES.stream().map(share -> new Arm(n, share, random)).toList();
        try {
            for (final Arm arm : arms) {
                for (int step = 0; step < stepsBefore; step++) {
                    arm.step(kernels);
                }
            }
            final double[][] times = new double[arms.size()][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int turn = 0; turn < 2 * arms.size(); turn++) {
                    final int index = turn < arms.size() ? turn : 2 * arms.size() - 1 - turn;
                    times[index][round] += arms.get(index).time(kernels) / 2;
                }
            }
            return times;
        } finally {
            CloseHelper.closeAll(arms);
        }
    }

    private static boolean print(final double[][] times) {
        boolean passes = true;
        System.out.printf("%-6s %9s  %-22s %7s%n", "dead", "ms a step", "ratio (interval)", "budget");
        for (int arm = 0; arm < times.length; arm++) {
            final double[] mine = times[arm];
            final double[] ratios = of(mine.length, round -> mine[round] / times[0][round]);
            final double[] interval = Medians.interval(ratios);
            final boolean isOver = Medians.median(ratios) > BUDGET;
            passes &= !isOver;
            System.out.printf(
                    Locale.ROOT,
                    "%-6s %9.2f  %5.3f (%5.3f to %5.3f) %7.2f  %s%n",
                    Math.round(100 * SHARES.get(arm)) + " %",
                    Medians.median(mine),
                    Medians.median(ratios),
                    interval[0],
                    interval[1],
                    BUDGET,
                    isOver ? "MISS" : "pass");
        }
        return passes;
    }

    private static double[] of(final int length, final IntToDoubleFunction value) {
        final double[] values = new double[length];
        Arrays.setAll(values, value);
        return values;
    }

    /** Momentum of which every coordinate starts alive, and gradients of which a share is zero. */
    private static final class Arm implements AutoCloseable {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private final int n;
        private final OffHeap gradients;
        private final OffHeap momentum;
        private final OffHeap words;
        private long dead;

        Arm(final int n, final double share, final SplittableRandom random) {
            this.n = n;
            gradients = new OffHeap(4L * n);
            momentum = new OffHeap(4L * n);
            words = new OffHeap(Words.length(n));
            for (long i = 0; i < n; i++) {
                final boolean isDead = random.nextDouble() < share;
                dead += isDead ? 1 : 0;
                UnsafeApi.putFloat(gradients.address() + 4 * i, isDead ? 0 : alive(random));
                UnsafeApi.putFloat(momentum.address() + 4 * i, alive(random));
            }
        }

        private static float alive(final SplittableRandom random) {
            return (float) (random.nextBoolean() ? random.nextDouble(1e-6, 1) : random.nextDouble(-1, -1e-6));
        }

        long step(final Kernels kernels) {
            return kernels.momentumPackSigns(
                    gradients.address(),
                    momentum.address(),
                    words.address(),
                    n,
                    0.9f,
                    1 - 0.9f,
                    ZeroPolicy.RANDOM,
                    1,
                    0);
        }

        double time(final Kernels kernels) {
            final long before = THREADS.getCurrentThreadCpuTime();
            final long zeros = step(kernels);
            final long after = THREADS.getCurrentThreadCpuTime();
            if (zeros != dead) {
                throw new IllegalStateException(zeros + " zeros, expected " + dead);
            }
            return (after - before) / 1e6;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(gradients, momentum, words);
        }
    }
}
