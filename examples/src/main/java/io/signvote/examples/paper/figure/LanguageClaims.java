package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What figure 6 asks of the vote and of Adam.
 *
 * @param bench with the seeds.
 * @param clock of both.
 * @param vote  its outcome.
 * @param mean  Adam's.
 */
record LanguageClaims(Bench bench, TextClock clock, Outcome vote, Outcome mean) {
    /** Of the chart, and of what is compared at the same time. */
    static final double MBITS = 100;

    /** Rates of links that passes are compared at: those of figures 4 and 5. */
    static final List<Double> ALL_MBITS = List.of(1000.0, 265.0, MBITS, 25.0);

    private static final double FASTER = 2;
    private static final double DEGRADED = 1.1;
    private static final double SIMILAR = 1.05;

    List<Claim> list() {
        return List.of(degrades(), faster(), similar());
    }

    private Claim degrades() {
        return new Checks(bench)
                .add("above", seed -> vote.value(seed) > mean.value(seed))
                .add("not far above", seed -> vote.value(seed) <= DEGRADED * mean.value(seed))
                .differ("vote less Adam", Language.UNIT, seed -> vote.value(seed) - mean.value(seed))
                .claim(
                        "6-epochs",
                        Kind.PAPER,
                        "by epochs, the vote is somewhat worse than Adam",
                        "the vote's loss at the end is above Adam's, by at most " + Math.round(100 * (DEGRADED - 1))
                                + " %",
                        Language.told(vote.mean()) + " with the vote, " + Language.told(mean.mean()) + " with Adam");
    }

    private Claim faster() {
        final Checks checks = new Checks(bench);
        for (final double mbits : ALL_MBITS) {
            checks.once((int) mbits + " Mbit/s", clock.epoch(mean, mbits) >= FASTER * clock.epoch(vote, mbits));
        }
        return checks.claim(
                "6-epoch-time",
                Kind.PAPER,
                "an epoch is roughly three times faster",
                "Adam takes at least " + FASTER
                        + " times as long for a pass, at each rate of the links, by computed time;"
                        + " once for all seeds, whose steps and bytes are the same",
                ALL_MBITS.stream()
                        .map(mbits -> Results.number(clock.epoch(mean, mbits) / clock.epoch(vote, mbits))
                                + " times as long at " + mbits.intValue() + " Mbit/s")
                        .collect(Collectors.joining("; ")));
    }

    private Claim similar() {
        return new Checks(bench)
                .add("similar", seed -> isSimilar(vote.value(seed), meanAtVotesEnd(seed)))
                .differ(
                        "vote less Adam at the same time",
                        Language.UNIT,
                        seed -> vote.value(seed) - meanAtVotesEnd(seed))
                .claim(
                        "6-time",
                        Kind.PAPER,
                        "in the same time both come to a similar perplexity",
                        "when the vote's run ends, its loss and that of Adam's run at the same time are at most "
                                + Math.round(100 * (SIMILAR - 1)) + " % apart, whichever is lower, at " + (int) MBITS
                                + " Mbit/s",
                        Language.told(vote.mean()) + " with the vote, "
                                + Language.told(IntStream.range(0, bench.seeds())
                                        .mapToDouble(this::meanAtVotesEnd)
                                        .average()
                                        .orElseThrow())
                                + " with Adam after as many seconds");
    }

    private static boolean isSimilar(final double one, final double other) {
        return one <= SIMILAR * other && other <= SIMILAR * one;
    }

    private double meanAtVotesEnd(final int seed) {
        final double end = clock.seconds(vote, vote.recordings().get(seed).last(), MBITS);
        return clock.value(mean, seed, end, MBITS);
    }
}
