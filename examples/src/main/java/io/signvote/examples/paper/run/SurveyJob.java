package io.signvote.examples.paper.run;

import io.signvote.Communicator;
import io.signvote.examples.LocalRanks;
import io.signvote.examples.method.Method;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.paper.run.Survey.Ratios;
import io.signvote.examples.paper.run.Survey.Sample;
import io.signvote.examples.paper.stats.Moments;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Quadratic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Trains a model on one rank, and at the start of some epochs stands still for a full pass of mini-batches: their gradients, at the
 * same parameters, show what the noise is like.
 *
 * @param problem      to train.
 * @param method       to train by.
 * @param rate         constant.
 * @param batch        of training and of the ratios.
 * @param smallBatch   of further samples.
 * @param ratioEpochs  at whose starts ratios are taken, ascending.
 * @param sampleEpochs some of them, at whose starts single weights are sampled too.
 * @param seed         of everything.
 */
public record SurveyJob(
        Problem problem,
        Method method,
        float rate,
        int batch,
        int smallBatch,
        List<Integer> ratioEpochs,
        List<Integer> sampleEpochs,
        long seed)
        implements Job<Survey> {
    private static final int VERSION = 1;
    private static final int WEIGHTS = 3;
    /** Drawn at first; those without noise in some pass, such as at the border of all images, are passed over. */
    private static final int CANDIDATES = 256;
    /** The surveys go through the data in an order of their own, so that looking does not change the training. */
    private static final long SURVEY = 0x94D049BB133111EBL;

    @Override
    public String key() {
        return String.join(
                "; ",
                "survey of " + problem.settings(),
                method.settings(),
                "rate=" + rate,
                "batch=" + batch + " and " + smallBatch,
                "epochs=" + ratioEpochs + " and " + sampleEpochs,
                "seed=" + seed,
                "version=" + VERSION);
    }

    @Override
    public long work() {
        return problem.trainCount() * (lastEpoch() + ratioEpochs.size() + sampleEpochs.size());
    }

    @Override
    public Survey run(final LongConsumer progress) throws InterruptedException {
        return LocalRanks.run(1, seed, communicator -> survey(communicator, progress))
                .get(0);
    }

    private Survey survey(final Communicator communicator, final LongConsumer progress) {
        final List<Ratios> ratios = new ArrayList<>();
        final List<Pass> sampled = new ArrayList<>();
        final Learner learner = problem.learner(0, 1, batch, seed);
        learner.initialise(seed);
        final int[] candidates = new SplittableRandom(seed)
                .ints(CANDIDATES, 0, learner.parameters().length)
                .distinct()
                .toArray();
        try (Optimiser optimiser = method.maker().open(communicator, learner.tensors(), seed)) {
            int step = 0;
            for (int epoch = 0; epoch <= lastEpoch(); epoch++) {
                if (ratioEpochs.contains(epoch)) {
                    final Pass pass = new Pass(learner.parameters(), batch, epoch, candidates);
                    ratios.add(pass.ratios());
                    progress.accept(problem.trainCount());
                    if (sampleEpochs.contains(epoch)) {
                        sampled.add(pass);
                        sampled.add(new Pass(learner.parameters(), smallBatch, epoch, candidates));
                        progress.accept(problem.trainCount());
                    }
                }
                for (int i = 0; i < problem.trainCount() / batch && epoch < lastEpoch(); i++) {
                    learner.learn(step++);
                    optimiser.step(learner.gradients(), learner.parameters(), rate);
                }
                progress.accept(epoch < lastEpoch() ? problem.trainCount() : 0);
            }
        }
        return new Survey(ratios, samples(sampled));
    }

    /** Of the first candidates that have noise in every pass. */
    private static List<Sample> samples(final List<Pass> passes) {
        final int[] chosen = IntStream.range(0, passes.get(0).weights.length)
                .filter(candidate -> passes.stream().allMatch(pass -> pass.hasNoise(candidate)))
                .limit(WEIGHTS)
                .toArray();
        return passes.stream()
                .flatMap(pass -> IntStream.of(chosen).mapToObj(pass::sample))
                .toList();
    }

    private int lastEpoch() {
        return ratioEpochs.get(ratioEpochs.size() - 1);
    }

    @Override
    public List<String> write(final Survey survey) {
        final List<String> lines = new ArrayList<>();
        for (final Ratios r : survey.ratios()) {
            lines.add("ratios," + r.epoch() + "," + r.batches() + "," + r.mean() + "," + r.median() + "," + r.greatest()
                    + "," + r.above() + "," + r.noisy() + "," + r.silent());
        }
        for (final Sample s : survey.samples()) {
            lines.add("sample," + s.batch() + "," + s.epoch() + "," + s.weight() + ","
                    + Arrays.stream(s.values()).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        }
        return lines;
    }

    @Override
    public Survey read(final List<String> lines) {
        final List<Ratios> ratios = new ArrayList<>();
        final List<Sample> samples = new ArrayList<>();
        for (final String line : lines) {
            final String[] c = line.split(",", -1);
            if (c[0].equals("ratios")) {
                ratios.add(new Ratios(
                        Integer.parseInt(c[1]),
                        Integer.parseInt(c[2]),
                        Double.parseDouble(c[3]),
                        Double.parseDouble(c[4]),
                        Double.parseDouble(c[5]),
                        Integer.parseInt(c[6]),
                        Integer.parseInt(c[7]),
                        Integer.parseInt(c[8])));
            } else {
                samples.add(new Sample(
                        Integer.parseInt(c[1]),
                        Integer.parseInt(c[2]),
                        Integer.parseInt(c[3]),
                        Arrays.stream(c, 4, c.length)
                                .mapToDouble(Double::parseDouble)
                                .toArray()));
            }
        }
        return new Survey(ratios, samples);
    }

    /** The gradients of all mini-batches at the same parameters; of a few weights each value, of all the moments. */
    private final class Pass {
        private final int size;
        private final int epoch;
        private final int[] weights;
        private final double[][] values;
        private final Moments moments;
        private final int parameterCount;

        Pass(final float[] parameters, final int size, final int epoch, final int[] weights) {
            this.size = size;
            this.epoch = epoch;
            this.weights = weights;
            parameterCount = parameters.length;
            final Learner learner = problem.learner(0, 1, size, seed + (epoch + 1) * SURVEY);
            System.arraycopy(parameters, 0, learner.parameters(), 0, parameterCount);
            moments = new Moments(parameterCount);
            values = new double[weights.length][(int) (problem.trainCount() / size)];
            for (int i = 0; i < values[0].length; i++) {
                learner.learn(i);
                moments.add(learner.gradients());
                for (int w = 0; w < weights.length; w++) {
                    values[w][i] = learner.gradients()[weights[w]];
                }
            }
        }

        Ratios ratios() {
            final double[] noisy = IntStream.range(0, parameterCount)
                    .filter(i -> moments.deviation(i) > 0)
                    .mapToDouble(moments::ratio)
                    .sorted()
                    .toArray();
            if (noisy.length == 0) {
                throw new IllegalStateException("no weight has any noise over " + values[0].length + " mini-batches of "
                        + size + ", give more data");
            }
            return new Ratios(
                    epoch,
                    values[0].length,
                    Arrays.stream(noisy).average().orElseThrow(),
                    noisy[noisy.length / 2],
                    noisy[noisy.length - 1],
                    (int) Arrays.stream(noisy)
                            .filter(ratio -> ratio > Quadratic.CRITICAL_RATIO)
                            .count(),
                    noisy.length,
                    parameterCount - noisy.length);
        }

        boolean hasNoise(final int candidate) {
            return moments.deviation(weights[candidate]) > 0;
        }

        Sample sample(final int candidate) {
            return new Sample(size, epoch, weights[candidate], values[candidate]);
        }
    }
}
