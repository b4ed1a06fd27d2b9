package io.signvote.examples.paper.run;

import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.stats.DipTest;
import io.signvote.examples.paper.stats.SymmetryTest;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Tests the shape of one sample. The dip test gets the values that are not exactly 0: a heap of equal values would be a peak that
 * hides all others.
 *
 * @param survey key of the job that the sample is from.
 * @param sample to test.
 * @param draws  of each test.
 * @param seed   of these.
 */
public record ShapeJob(String survey, Sample sample, int draws, long seed) implements Job<ShapeJob.PValues> {

    /**
     * How likely a sample is.
     *
     * @param onePeak   where there is one peak; 1 where too few values are left.
     * @param symmetric where it is symmetric.
     */
    public record PValues(double onePeak, double symmetric) {}

    @Override
    public String key() {
        return String.join(
                "; ",
                "shape of batch=" + sample.batch() + " epoch=" + sample.epoch() + " weight=" + sample.weight(),
                "draws=" + draws,
                "seed=" + seed,
                survey);
    }

    @Override
    public long work() {
        return sample.values().length;
    }

    @Override
    public PValues run(final LongConsumer progress) throws InterruptedException {
        final double[] nonzeros = sample.nonzeros();
        final double onePeak = nonzeros.length < 2 ? 1 : new DipTest(nonzeros.length, draws, seed).pValue(nonzeros);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        final double symmetric = new SymmetryTest(draws, seed).pValue(sample.values());
        progress.accept(work());
        return new PValues(onePeak, symmetric);
    }

    @Override
    public List<String> write(final PValues result) {
        return List.of(result.onePeak() + "," + result.symmetric());
    }

    @Override
    public PValues read(final List<String> lines) {
        final String[] c = lines.get(0).split(",", -1);
        return new PValues(Double.parseDouble(c[0]), Double.parseDouble(c[1]));
    }
}
