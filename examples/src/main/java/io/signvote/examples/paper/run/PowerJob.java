package io.signvote.examples.paper.run;

import io.signvote.examples.paper.stats.Power;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Finds what the tests of shape would see in samples of one size.
 *
 * @param size  of the samples.
 * @param level of a p-value that counts.
 * @param draws of each test.
 * @param seed  of these.
 */
public record PowerJob(int size, double level, int draws, long seed) implements Job<PowerJob.Seen> {
    private static final int[] STEPS = {80, 60, 50, 40, 30, 25, 20, 15, 12, 10};

    /**
     * What is seen in four of five draws.
     *
     * @param peaks    two of them, this many deviations apart, or further.
     * @param skewness so large, or larger.
     */
    public record Seen(double peaks, double skewness) {
        /** Nothing. */
        public static final Seen NOTHING = new Seen(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /**
     * The next round number that is not larger: so that samples of nearly the same size are drawn for once, and seen no better than
     * they are.
     *
     * @param size of a sample.
     * @return 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120 and so on; 0 where there is none.
     */
    public static int rounded(final int size) {
        int scale = 1;
        while (size / scale >= 100) {
            scale *= 10;
        }
        for (final int step : STEPS) {
            if (step * scale <= size) {
                return step * scale;
            }
        }
        return 0;
    }

    @Override
    public String key() {
        return "power at size=" + size + "; level=" + level + "; draws=" + draws + "; seed=" + seed;
    }

    @Override
    public long work() {
        return size;
    }

    @Override
    public Seen run(final LongConsumer progress) throws InterruptedException {
        final Power power = new Power(size, level, draws, seed);
        final double peaks = power.peaks();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        final Seen seen = new Seen(peaks, power.skewness());
        progress.accept(work());
        return seen;
    }

    @Override
    public List<String> write(final Seen seen) {
        return List.of(seen.peaks() + "," + seen.skewness());
    }

    @Override
    public Seen read(final List<String> lines) {
        final String[] c = lines.get(0).split(",", -1);
        return new Seen(Double.parseDouble(c[0]), Double.parseDouble(c[1]));
    }
}
