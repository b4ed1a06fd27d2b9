package io.signvote.examples.paper.run;

import io.signvote.examples.LocalRanks;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.task.Learner;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * How long a rank's step takes on this machine where nothing is sent: the gradient, and the method's own work as the only rank of
 * its communicator. The median of some steps, by the clock, with nothing else of this program running: to be run alone.
 *
 * @param settings of the run whose steps are timed; the rate and the split do not matter.
 */
public record StepTime(TrialSettings settings) implements Job<Double> {
    private static final int WARM = 20;
    private static final int TIMED = 41;

    @Override
    public String key() {
        return String.join(
                "; ",
                "time of a step of " + settings.problem().settings(),
                settings.method().settings(),
                settings.participants().toString(),
                "batch=" + settings.batch(),
                "seed=" + settings.seed(),
                Machine.here().settings());
    }

    @Override
    public long work() {
        return settings.problem().cost(settings.batch()) * (WARM + TIMED);
    }

    /** In seconds. */
    @Override
    public Double run(final LongConsumer progress) throws InterruptedException {
        return LocalRanks.run(1, settings.seed(), communicator -> {
                    final long[] times = new long[TIMED];
                    try (Learner learner = settings.problem()
                                    .learner(0, settings.participants().ranks(), settings.batch(), settings.seed());
                            Optimiser optimiser =
                                    settings.method().maker().open(communicator, learner.tensors(), settings.seed())) {
                        learner.initialise(settings.seed());
                        for (int step = 0; step < WARM + TIMED; step++) {
                            final long beganNs = System.nanoTime();
                            learner.learn(step);
                            optimiser.step(learner.gradients(), learner.parameters(), settings.rate());
                            times[Math.max(0, step - WARM)] = System.nanoTime() - beganNs;
                        }
                    }
                    progress.accept(work());
                    Arrays.sort(times);
                    return times[TIMED / 2] * 1e-9;
                })
                .get(0);
    }

    @Override
    public List<String> write(final Double seconds) {
        return List.of(String.valueOf(seconds));
    }

    @Override
    public Double read(final List<String> lines) {
        return Double.valueOf(lines.get(0));
    }
}
