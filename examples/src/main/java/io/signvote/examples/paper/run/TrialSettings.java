package io.signvote.examples.paper.run;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Split;

/**
 * All that decides what a run comes to.
 *
 * @param problem  model and data.
 * @param method   how the ranks step.
 * @param participants     who takes part.
 * @param batch    samples a rank and step.
 * @param steps    of the run.
 * @param points   times that it is scored, evenly over the steps, the start not counted.
 * @param schedule of the rate.
 * @param rate     at its peak.
 * @param seed     of parameters, order, noise and lots.
 * @param split    that scores are taken on.
 */
public record TrialSettings(
        Problem problem,
        Method method,
        Participants participants,
        int batch,
        int steps,
        int points,
        RateSchedule schedule,
        float rate,
        long seed,
        Split split) {
    /** Checks the points. */
    public TrialSettings {
        if (points < 1 || points > steps) {
            throw new IllegalArgumentException("points=" + points + ", expected 1 to steps=" + steps);
        }
    }

    /**
     * Another peak rate.
     *
     * @param another above 0.
     * @return all else as here.
     */
    public TrialSettings rate(final float another) {
        return new TrialSettings(problem, method, participants, batch, steps, points, schedule, another, seed, split);
    }

    /**
     * Another seed, scored on another split.
     *
     * @param anotherSeed  of the run.
     * @param anotherSplit that scores are taken on.
     * @return all else as here.
     */
    public TrialSettings seed(final long anotherSeed, final Split anotherSplit) {
        return new TrialSettings(
                problem, method, participants, batch, steps, points, schedule, rate, anotherSeed, anotherSplit);
    }

    /**
     * Other ranks.
     *
     * @param another participants.
     * @return all else as here.
     */
    public TrialSettings participants(final Participants another) {
        return new TrialSettings(problem, method, another, batch, steps, points, schedule, rate, seed, split);
    }

    /**
     * Another way to step.
     *
     * @param another method.
     * @return all else as here.
     */
    public TrialSettings method(final Method another) {
        return new TrialSettings(problem, another, participants, batch, steps, points, schedule, rate, seed, split);
    }

    /** {@return what a run costs, roughly: as a rule the samples that all ranks take} */
    public long work() {
        return problem.cost(batch) * steps * participants.ranks();
    }

    /**
     * Passes over the training data.
     *
     * @param afterSteps steps done.
     * @return by all ranks together.
     */
    public double epochs(final int afterSteps) {
        return (double) afterSteps * participants.ranks() * batch / problem.trainCount();
    }

    /** {@return steps done at a point, 0 for the start} */
    int step(final int point) {
        return (int) ((long) steps * point / points);
    }

    /** {@return everything in one line: equal lines come to equal results} */
    public String key() {
        return String.join(
                "; ",
                problem.settings(),
                method.settings(),
                participants.toString(),
                "batch=" + batch,
                "steps=" + steps,
                "points=" + points,
                "schedule=" + schedule,
                "rate=" + rate,
                "seed=" + seed,
                "split=" + split);
    }
}
