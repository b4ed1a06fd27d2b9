package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.figure.NoiseShapes.Property;
import io.signvote.examples.paper.figure.NoiseShapes.Shape;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.run.PowerJob;
import io.signvote.examples.paper.run.PowerJob.Seen;
import io.signvote.examples.paper.run.ShapeJob;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The claims about noise with samples whose shape is known: each verdict can come out. */
class NoiseClaimsTest {
    private static final int SIZE = 200;
    private static final FigureContext CONTEXT = new FigureContext(Scale.QUICK, 1, null, null, null);

    @Test
    void shouldHoldForNormalNoise() throws Exception {
        final Shape shape = shape(SplittableRandom::nextGaussian);

        assertEquals(Verdict.HOLDS, claim(Property.ONE_PEAK, shape).verdict());
        assertEquals(Verdict.HOLDS, claim(Property.SYMMETRIC, shape).verdict());
    }

    @Test
    void shouldNotHoldForTwoPeaks() throws Exception {
        final Shape shape = shape(random -> random.nextGaussian() + (random.nextBoolean() ? 6 : 0));

        assertEquals(Verdict.NOT, claim(Property.ONE_PEAK, shape).verdict());
    }

    @Test
    void shouldFindTwoPeaksBesideAHeapOfZeros() throws Exception {
        final Shape shape = shape(
                random -> random.nextInt(2) == 0 ? 0 : random.nextGaussian() / 4 + (random.nextBoolean() ? 3 : 1));

        assertTrue(shape.sample().zeros() > 0.3, "zeros " + shape.sample().zeros());
        assertEquals(Verdict.NOT, claim(Property.ONE_PEAK, shape).verdict());
    }

    @Test
    void shouldNotHoldForSkewedNoise() throws Exception {
        final Shape shape = shape(random -> -Math.log(random.nextDouble()));

        assertEquals(Verdict.HOLDS, claim(Property.ONE_PEAK, shape).verdict());
        assertEquals(Verdict.NOT, claim(Property.SYMMETRIC, shape).verdict());
    }

    @Test
    void shouldNotTestWhatIsAlmostAlwaysSilent() throws Exception {
        final Shape shape = shape(random -> random.nextInt(40) == 0 ? random.nextGaussian() : 0);
        final Claim claim = claim(Property.ONE_PEAK, shape);

        assertEquals(Verdict.NOT_TESTED, claim.verdict());
        assertTrue(claim.reason().contains("would not see two peaks 6.00 deviations apart"), claim.reason());
    }

    @Test
    void shouldNotTestWithoutSamples() {
        assertEquals(
                "no weight has gradients in enough mini-batches",
                NoiseShapes.claim(List.of(), 128, Property.SYMMETRIC).reason());
    }

    @Test
    void shouldAskItselfAboutBatchesThatThePaperDoesNotHave() {
        final Claim asked = NoiseShapes.claim(List.of(), 4, Property.SYMMETRIC);

        assertEquals(Kind.QUESTION, asked.kind());
        assertEquals(
                "Are mini-batch gradients of single weights symmetric, or nearly, at a batch of 4 too? The paper has a batch of 128.",
                asked.statement());
    }

    @Test
    void shouldCountThoseNotTestedBesideOthers() throws Exception {
        final Shape silent = shape(random -> random.nextInt(40) == 0 ? 1 : 0);
        final Claim claim = claim(Property.ONE_PEAK, shape(SplittableRandom::nextGaussian), silent);

        assertEquals("1 of 1 checks", claim.reason());
        assertTrue(claim.measured().endsWith("1 of 2 samples not tested"), claim.measured());
    }

    @Test
    void shouldJudgeRatiosByTheLastEpoch() {
        final List<GradientSurvey> falling = List.of(survey(1.5, 100, 0.2, 0), survey(1.5, 100, 0.2, 0));
        final List<GradientSurvey> rising = List.of(survey(0.2, 0, 1.5, 3), survey(0.2, 0, 1.5, 1));

        assertEquals(Verdict.HOLDS, NoiseRatios.falls(CONTEXT, falling).verdict());
        assertEquals(Verdict.HOLDS, NoiseRatios.below(CONTEXT, falling).verdict());
        assertEquals(Verdict.NOT, NoiseRatios.falls(CONTEXT, rising).verdict());
        assertEquals(Verdict.NOT, NoiseRatios.below(CONTEXT, rising).verdict());
        assertEquals(
                "No weight is above 2 / sqrt(3) at epoch 7. In the paper none is above it by about epoch 40.",
                NoiseRatios.below(CONTEXT, rising).rule());
    }

    static GradientSurvey survey(final double first, final int firstAbove, final double last, final int lastAbove) {
        return new GradientSurvey(
                List.of(
                        new Ratios(0, 84, 2, first, first, first, firstAbove, 1000, 5, 3),
                        new Ratios(7, 84, 1, last, last, last, lastAbove, 1000, 5, 3)),
                List.of(),
                256,
                90);
    }

    private static Claim claim(final Property property, final Shape... shapes) {
        return NoiseShapes.claim(List.of(shapes), 128, property);
    }

    private static Shape shape(final ToDoubleFunction<SplittableRandom> draw) throws InterruptedException {
        final SplittableRandom random = new SplittableRandom(3);
        final double[] values = new double[SIZE];
        Arrays.setAll(values, i -> draw.applyAsDouble(random));
        final Sample sample = new Sample(128, 0, 17, values);
        return new Shape(
                1,
                sample,
                new ShapeJob("a survey", sample, 500, 1).run(progress -> {}),
                new Seen(seen(sample.nonzeros().length).peaks(), seen(SIZE).skewness()));
    }

    private static Seen seen(final int size) throws InterruptedException {
        return PowerJob.rounded(size) == 0
                ? Seen.NOTHING
                : new PowerJob(PowerJob.rounded(size), 0.05, 500, 1).run(progress -> {});
    }
}
