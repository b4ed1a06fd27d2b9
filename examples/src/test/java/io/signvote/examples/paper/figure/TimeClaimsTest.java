package io.signvote.examples.paper.figure;

import static io.signvote.examples.paper.figure.MadeUpOutcomes.CONTEXT;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.accuracies;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.claim;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.course;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.paper.timing.ShapedLink;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figure 5's claims about outcomes that nothing ran for: a step takes 15 ms by vote and 40 ms by averaging. */
class TimeClaimsTest {
    @ParameterizedTest
    @CsvSource({
        // averaging ends at 80: a slight loss is one of at most 2 points, and no gain
        "79,   79,   HOLDS",
        "78,   78,   HOLDS",
        "80,   80,   HOLDS",
        "77.9, 77.9, NOT",
        "80.1, 80.1, NOT",
        "90,   90,   NOT",
        "79,   81,   IN_PART",
        "79,   70,   IN_PART"
    })
    void shouldTakeNeitherAGainNorAGreatLossForASlightOne(final double one, final double two, final Verdict verdict) {
        final Claim claim =
                claim(claims(accuracies("Signum", 8, one, two), accuracies("SGD", 8, 80, 80)), "5-slight-loss");

        assertEquals(verdict, claim.verdict());
        assertEquals("Accuracy at the end is below SGD's by at most 2 points, or equal.", claim.rule());
    }

    @Test
    void shouldTellTheLossWithItsInterval() {
        final Claim claim =
                claim(claims(accuracies("Signum", 8, 79, 78), accuracies("SGD", 8, 80, 80)), "5-slight-loss");

        // mean -1.5, deviation of the mean 0.5, t of one degree of freedom 12.706
        assertEquals(
                List.of("Signum less SGD: -1.50 points, 95 % interval -7.85 to +4.85, 2 seeds"),
                claim.differences().stream().map(Object::toString).toList());
    }

    @ParameterizedTest
    @CsvSource({
        // SGD passes 98 % of 80, 78.4, between its first two scores: after 24.4 steps, 0.98 s
        // at 90 of its way from 10 to 80 the vote has passed nine tenths, and not yet that
        "77, 77, 77, 77, NOT",
        // 65 steps of 15 ms are 0.975 s, a little less than SGD's 0.977
        "70, 76, 80, 80, HOLDS",
        "70, 75, 80, 80, NOT",
        "60, 70, 79, 80, NOT",
        "79, 79, 79, 79, HOLDS",
        "NaN, NaN, NaN, NaN, NOT"
    })
    void shouldAskWhenTheVoteComesNearToTheFinalAccuracy(
            final double first, final double second, final double third, final double last, final Verdict verdict) {
        final Outcome vote = course("Signum", 10, first, second, third, last);

        assertEquals(
                verdict,
                claim(claims(vote, course("SGD", 10, 80, 80, 80, 80)), "5-sooner")
                        .verdict());
    }

    @Test
    void shouldTakeTheTimeBetweenTwoScores() {
        final Outcome vote = course("Signum", 10, 70, 90, 90, 90);
        final Outcome mean = course("SGD", 10, 80, 80, 80, 80);

        final Claim claim = claim(claims(vote, mean), "5-sooner");

        // 25 + 25 x 8.4 / 20 = 35.5 steps of 15 ms; 25 x 68.4 / 70 = 24.43 steps of 40 ms
        assertEquals("0.53 s by vote, 0.98 s by averaging at 100 Mbit/s, seed 1", claim.measured());
        assertEquals(
                "Signum less SGD at 100 Mbit/s: -0.445 s, 95 % interval -0.445 to -0.445, 2 seeds",
                claim.differences().get(0).toString());
    }

    @Test
    void shouldAskItselfWhatThePaperDoesNotSay() {
        final List<Claim> claims = claims(accuracies("Signum", 8, 79, 79), accuracies("SGD", 8, 80, 80));

        assertEquals(Kind.PAPER, claim(claims, "5-faster").kind());
        assertEquals(Kind.PAPER, claim(claims, "5-slight-loss").kind());
        assertEquals(Kind.QUESTION, claim(claims, "5-saving").kind(), "27 % is arithmetic of ours");
        assertEquals(Kind.PAPER, claim(claims, "5-sooner").kind());
    }

    static List<Claim> claims(final Outcome vote, final Outcome mean) {
        final Exchanges.Times times = new Exchanges.Times(
                new ShapedLink(100),
                1000,
                9,
                new Phases(5, 1, 1, 1, 100),
                new Phases(30, 0, 2, 4, 3200),
                OptionalDouble.empty());
        return new TimeClaims(CONTEXT, new StepTimes(List.of(new StepTimes.Step(times, 32, 10)), 32, ""), vote, mean)
                .list();
    }
}
