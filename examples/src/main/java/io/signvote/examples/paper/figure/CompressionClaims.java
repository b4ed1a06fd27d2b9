package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What figures 7 and 10 ask of the vote and of QSGD.
 *
 * @param bench with the seeds.
 * @param vote  its outcome.
 * @param l2    QSGD's outcomes with the L2 norm, one for each number of levels.
 * @param max   and with the max norm.
 */
record CompressionClaims(Bench bench, Outcome vote, List<Outcome> l2, List<Outcome> max) {
    private static final double CLOSE = 2;

    List<Claim> list() {
        return List.of(
                accuracy("7-accuracy-l2", "L2", l2),
                accuracy("10-accuracy-max", "max", max),
                bytes("10-bytes-l2", Kind.QUESTION, "does the vote send less than QSGD with the L2 norm?", l2),
                bytes("10-bytes-max", Kind.PAPER, "the vote sends less than QSGD with the max norm", max),
                equalBytes("10-equal-bytes-l2", "L2", l2),
                equalBytes("10-equal-bytes-max", "max", max));
    }

    private Claim accuracy(final String id, final String norm, final List<Outcome> others) {
        final Checks checks = new Checks(bench);
        for (final Outcome other : others) {
            checks.add(other.contender().label(), seed -> vote.value(seed) > other.value(seed) - CLOSE);
            checks.differ(less(other), Checks.POINTS, seed -> vote.value(seed) - other.value(seed));
        }
        return checks.claim(
                id,
                Kind.PAPER,
                "by steps, the vote learns about as well as QSGD or better (" + norm + " norm)",
                "the vote's accuracy is above QSGD's less " + CLOSE + " points, at each number of levels",
                Results.means(with(others)));
    }

    private Claim bytes(final String id, final Kind kind, final String statement, final List<Outcome> others) {
        final Checks checks = new Checks(bench);
        for (final Outcome other : others) {
            checks.once(other.contender().label(), vote.bytes() < other.bytes());
            checks.differ(less(other), "MB", seed -> (sent(vote, seed) - sent(other, seed)) / 1e6);
        }
        return checks.claim(
                id,
                kind,
                statement,
                "the vote's bytes, which a rank sends in the same number of steps, are fewer than QSGD's, at each number of"
                        + " levels; the mean of the seeds, which hardly differ, so that each counts once",
                others.stream()
                        .map(other -> String.format(
                                Locale.ROOT,
                                "%.2f times the vote's with %s",
                                other.bytes() / vote.bytes(),
                                other.contender().label()))
                        .collect(Collectors.joining("; ")));
    }

    private Claim equalBytes(final String id, final String norm, final List<Outcome> others) {
        final Checks checks = new Checks(bench);
        final List<String> measured = new ArrayList<>();
        for (final Outcome other : others) {
            final double[] own = new double[bench.seeds()];
            final double[] theirs = new double[bench.seeds()];
            for (int seed = 0; seed < bench.seeds(); seed++) {
                final double bytes = Math.min(sent(vote, seed), sent(other, seed));
                own[seed] = at(vote, seed, bytes);
                theirs[seed] = at(other, seed, bytes);
            }
            checks.add(other.contender().label(), seed -> own[seed] > theirs[seed]);
            checks.differ(less(other), Checks.POINTS, seed -> own[seed] - theirs[seed]);
            measured.add(Results.number(mean(own)) + " % against " + Results.number(mean(theirs)) + " % with "
                    + other.contender().label() + " after "
                    + String.format(Locale.ROOT, "%.3f MB", Math.min(vote.bytes(), other.bytes()) / 1e6));
        }
        return checks.claim(
                id,
                Kind.QUESTION,
                "for the same bytes, does the vote learn more than QSGD (" + norm + " norm)?",
                "the vote's accuracy is above QSGD's when both have sent what the thriftier of the two sends in its whole run;"
                        + " the other has then not come to its lower rate yet",
                String.join("; ", measured));
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
