package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The claims of figure 6.
 *
 * @param context with the seeds.
 * @param clock of both.
 * @param vote  the vote's outcome.
 * @param mean  Adam's.
 */
record LanguageClaims(FigureContext context, ComputedTime clock, Outcome vote, Outcome mean) {
    /** The rate of the links of the chart, and of the claim on the same time. */
    static final double MBITS = 100;

    /** The rates of the links at which passes are compared: those of figures 4 and 5. */
    static final List<Double> ALL_MBITS = List.of(1000.0, 265.0, MBITS, 25.0);

    private static final int FASTER = 2;
    private static final double DEGRADED = 1.1;
    private static final double SIMILAR = 1.05;

    List<Claim> list() {
        return List.of(degrades(), faster(), similar());
    }

    private Claim degrades() {
        return new ClaimChecks(context)
                .add("above", seed -> vote.value(seed) > mean.value(seed))
                .add("not far above", seed -> vote.value(seed) <= DEGRADED * mean.value(seed))
                .differ("vote less Adam", LanguageModel.UNIT, seed -> vote.value(seed) - mean.value(seed))
                .claim(
                        Figure6.PROSE.claim("6-epochs", "degraded", Math.round(100 * (DEGRADED - 1))),
                        LanguageModel.told(vote.mean()) + " with the vote, " + LanguageModel.told(mean.mean())
                                + " with Adam");
    }

    private Claim faster() {
        final ClaimChecks checks = new ClaimChecks(context);
        for (final double mbits : ALL_MBITS) {
            checks.once((int) mbits + " Mbit/s", clock.epoch(mean, mbits) >= FASTER * clock.epoch(vote, mbits));
        }
        return checks.claim(
                Figure6.PROSE.claim("6-epoch-time", "faster", FASTER),
                ALL_MBITS.stream()
                        .map(mbits -> Results.number(clock.epoch(mean, mbits) / clock.epoch(vote, mbits))
                                + " times as long at " + mbits.intValue() + " Mbit/s")
                        .collect(Collectors.joining("; ")));
    }

    private Claim similar() {
        return new ClaimChecks(context)
                .add("similar", seed -> isSimilar(vote.value(seed), meanAtVotesEnd(seed)))
                .differ(
                        "vote less Adam at the same time",
                        LanguageModel.UNIT,
                        seed -> vote.value(seed) - meanAtVotesEnd(seed))
                .claim(
                        Figure6.PROSE.claim("6-time", "similar", Math.round(100 * (SIMILAR - 1)), "mbits", (int) MBITS),
                        LanguageModel.told(vote.mean()) + " with the vote, "
                                + LanguageModel.told(IntStream.range(0, context.seeds())
                                        .mapToDouble(this::meanAtVotesEnd)
                                        .average()
                                        .orElseThrow())
                                + " with Adam after the same time");
    }

    private static boolean isSimilar(final double one, final double other) {
        return one <= SIMILAR * other && other <= SIMILAR * one;
    }

    private double meanAtVotesEnd(final int seed) {
        final double end = clock.seconds(vote, vote.recordings().get(seed).last(), MBITS);
        return clock.value(mean, seed, end, MBITS);
    }
}
