package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The claims of figures 7 and 10.
 *
 * @param context with the seeds.
 * @param vote  the vote's outcome.
 * @param l2    QSGD's outcomes with the L2 norm, one for each number of levels.
 * @param max     QSGD's outcomes with the max norm, one for each number of levels.
 */
record CompressionClaims(FigureContext context, Outcome vote, List<Outcome> l2, List<Outcome> max) {
    private static final int CLOSE = 2;

    List<Claim> list() {
        return List.of(
                accuracy("7-accuracy-l2", l2),
                accuracy("10-accuracy-max", max),
                bytes("10-bytes-l2", l2),
                bytes("10-bytes-max", max),
                equalBytes("10-equal-bytes-l2", l2),
                equalBytes("10-equal-bytes-max", max));
    }

    private Claim accuracy(final String id, final List<Outcome> others) {
        final ClaimChecks checks = new ClaimChecks(context);
        for (final Outcome other : others) {
            checks.add(other.contender().label(), seed -> vote.value(seed) > other.value(seed) - CLOSE);
            checks.differ(less(other), ClaimChecks.POINTS, seed -> vote.value(seed) - other.value(seed));
        }
        return checks.claim(Figures7And10.PROSE.claim(id, "close", CLOSE), Results.means(with(others)));
    }

    private Claim bytes(final String id, final List<Outcome> others) {
        final ClaimChecks checks = new ClaimChecks(context);
        for (final Outcome other : others) {
            checks.once(other.contender().label(), vote.bytes() < other.bytes());
            checks.differ(less(other), "MB", seed -> (sent(vote, seed) - sent(other, seed)) / 1e6);
        }
        return checks.claim(
                Figures7And10.PROSE.claim(id),
                others.stream()
                        .map(other -> String.format(
                                Locale.ROOT,
                                "%.2f times the vote's with %s",
                                other.bytes() / vote.bytes(),
                                other.contender().label()))
                        .collect(Collectors.joining("; ")));
    }

    private Claim equalBytes(final String id, final List<Outcome> others) {
        final ClaimChecks checks = new ClaimChecks(context);
        final List<String> measured = new ArrayList<>();
        for (final Outcome other : others) {
            final double[] own = new double[context.seeds()];
            final double[] theirs = new double[context.seeds()];
            for (int seed = 0; seed < context.seeds(); seed++) {
                final double bytes = Math.min(sent(vote, seed), sent(other, seed));
                own[seed] = at(vote, seed, bytes);
                theirs[seed] = at(other, seed, bytes);
            }
            checks.add(other.contender().label(), seed -> own[seed] > theirs[seed]);
            checks.differ(less(other), ClaimChecks.POINTS, seed -> own[seed] - theirs[seed]);
            measured.add(Results.number(mean(own)) + " % against " + Results.number(mean(theirs)) + " % with "
                    + other.contender().label() + " after "
                    + String.format(Locale.ROOT, "%.3f MB", Math.min(vote.bytes(), other.bytes()) / 1e6));
        }
        return checks.claim(Figures7And10.PROSE.claim(id), String.join("; ", measured));
    }

    private String less(final Outcome other) {
        return vote.contender().label() + " less " + other.contender().label();
    }

    private List<Outcome> with(final List<Outcome> others) {
        final List<Outcome> told = new ArrayList<>(List.of(vote));
        told.addAll(others);
        return told;
    }

    private static double sent(final Outcome outcome, final int seed) {
        return outcome.recordings().get(seed).last().bytes();
    }

    private static double at(final Outcome outcome, final int seed, final double bytes) {
        return outcome.recordings().get(seed).valueAt(outcome.measure(), ScoredPoint::bytes, bytes);
    }

    private static double mean(final double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
