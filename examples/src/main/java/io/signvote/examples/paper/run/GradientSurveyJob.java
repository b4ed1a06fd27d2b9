package io.signvote.examples.paper.run;

import io.signvote.Communicator;
import io.signvote.examples.LocalRanks;
import io.signvote.examples.method.Method;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Trains a model on one rank. At the start of some epochs it takes the gradients of a full pass of mini-batches, all at the same
 * parameters. Their differences are the noise.
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
public record GradientSurveyJob(
        Problem problem,
        Method method,
        float rate,
        int batch,
        int smallBatch,
        List<Integer> ratioEpochs,
        List<Integer> sampleEpochs,
        long seed)
        implements Job<GradientSurvey> {
    /** Sampled, if as many qualify. */
    public static final int WEIGHTS = 3;
    /** Drawn at first; those with few gradients other than 0, such as at the border of all images, are passed over. */
    private static final int CANDIDATES = 256;
    /** The surveys take the data in an order of their own. So they do not change the training. */
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
                "seed=" + seed);
    }

    @Override
    public long work() {
        return problem.trainCount() * (lastEpoch() + ratioEpochs.size() + sampleEpochs.size());
    }

    @Override
    public GradientSurvey run(final LongConsumer progress) throws InterruptedException {
        return LocalRanks.run(1, seed, communicator -> survey(communicator, progress))
                .get(0);
    }

    private GradientSurvey survey(final Communicator communicator, final LongConsumer progress) {
        final List<Ratios> ratios = new ArrayList<>();
        final List<NoisePass> sampled = new ArrayList<>();
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
                    final NoisePass pass = pass(learner, batch, epoch, candidates, true);
                    ratios.add(pass.ratios());
                    progress.accept(problem.trainCount());
                    if (sampleEpochs.contains(epoch)) {
                        sampled.add(pass);
                        sampled.add(pass(learner, smallBatch, epoch, candidates, false));
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
        final int[] lively = lively(sampled);
        return new GradientSurvey(ratios, samples(sampled, lively), candidates.length, lively.length);
    }

    private NoisePass pass(
            final Learner learner, final int size, final int epoch, final int[] candidates, final boolean hasMoments) {
        return new NoisePass(
                problem, learner.parameters(), size, epoch, candidates, hasMoments, seed + (epoch + 1) * SURVEY);
    }

    /** The candidates that qualify, by the passes of training's size: at a few images even a lively weight is often silent. */
    private int[] lively(final List<NoisePass> passes) {
        return IntStream.range(0, passes.get(0).candidates())
                .filter(candidate ->
                        passes.stream().filter(pass -> pass.size() == batch).allMatch(pass -> pass.isLively(candidate)))
                .toArray();
    }

    private static List<Sample> samples(final List<NoisePass> passes, final int[] lively) {
        return passes.stream()
                .flatMap(pass -> IntStream.of(lively).limit(WEIGHTS).mapToObj(pass::sample))
                .toList();
    }

    private int lastEpoch() {
        return ratioEpochs.get(ratioEpochs.size() - 1);
    }

    @Override
    public List<String> write(final GradientSurvey survey) {
        final List<String> lines = new ArrayList<>(List.of("drawn," + survey.drawn() + "," + survey.lively()));
        for (final Ratios r : survey.ratios()) {
            lines.add("ratios," + r.epoch() + "," + r.batches() + "," + r.loss() + "," + r.mean() + "," + r.median()
                    + "," + r.greatest() + "," + r.above() + "," + r.noisy() + "," + r.nearlySilent() + ","
                    + r.silent());
        }
        for (final Sample s : survey.samples()) {
            lines.add("sample," + s.batch() + "," + s.epoch() + "," + s.weight() + ","
                    + Arrays.stream(s.values()).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        }
        return lines;
    }

    @Override
    public GradientSurvey read(final List<String> lines) {
        final List<Ratios> ratios = new ArrayList<>();
        final List<Sample> samples = new ArrayList<>();
        int drawn = 0;
        int lively = 0;
        for (final String line : lines) {
            final String[] c = line.split(",", -1);
            if (c[0].equals("ratios")) {
                ratios.add(new Ratios(
                        Integer.parseInt(c[1]),
                        Integer.parseInt(c[2]),
                        Double.parseDouble(c[3]),
                        Double.parseDouble(c[4]),
                        Double.parseDouble(c[5]),
                        Double.parseDouble(c[6]),
                        Integer.parseInt(c[7]),
                        Integer.parseInt(c[8]),
                        Integer.parseInt(c[9]),
                        Integer.parseInt(c[10])));
            } else if (c[0].equals("sample")) {
                samples.add(new Sample(
                        Integer.parseInt(c[1]),
                        Integer.parseInt(c[2]),
                        Integer.parseInt(c[3]),
                        Arrays.stream(c, 4, c.length)
                                .mapToDouble(Double::parseDouble)
                                .toArray()));
            } else {
                drawn = Integer.parseInt(c[1]);
                lively = Integer.parseInt(c[2]);
            }
        }
        return new GradientSurvey(ratios, samples, drawn, lively);
    }
}
