package io.signvote.examples.paper.figure;

import static io.signvote.examples.paper.figure.MadeUpOutcomes.CONTEXT;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.accuracies;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.bits;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.claim;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.ending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.method.Method;
import io.signvote.examples.paper.figure.RobustnessLine.Combiner;
import io.signvote.examples.paper.figure.RobustnessLine.RateChoice;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That verdicts follow the outcomes: what holds, what holds on some seeds, what does not, and what is not a number. */
class ClaimsTest {
    private static final Method VOTE = method("vote");
    private static final Method KRUM = method("krum");
    private static final Method MEAN = method("mean");

    private static Method method(final String name) {
        return new Method(name, name, null);
    }

    @ParameterizedTest
    @CsvSource({"80,80,HOLDS", "80,50,IN_PART", "50,50,NOT", "67.5,67.5,HOLDS", "67.4,67.4,NOT"})
    void shouldJudgeWhetherTheVoteLearns(final double one, final double two, final Verdict verdict) {
        assertEquals(verdict, claim(robustness(one, two, 80, 80), "8-learns").verdict());
    }

    @ParameterizedTest
    @CsvSource({"70,70,HOLDS", "70,85,IN_PART", "85,85,NOT", "80,80,NOT"})
    void shouldJudgeWhetherALowerRateLosesLess(final double one, final double two, final Verdict verdict) {
        final Claim claim = claim(robustness(one, two, 80, 80), "8-lower-rate");

        assertEquals(verdict, claim.verdict());
        assertEquals(4, claim.checks().size(), "two divisors, two seeds");
        assertTrue(claim.measured().endsWith("the rate is 0.5"), claim.measured());
    }

    @ParameterizedTest
    @CsvSource({"85,85,HOLDS", "85,70,IN_PART", "70,70,NOT", "80,80,NOT"})
    void shouldJudgeWhetherTheVoteLosesLess(final double one, final double two, final Verdict verdict) {
        assertEquals(
                verdict, claim(robustness(one, two, 80, 80), "8-loses-less").verdict());
    }

    @ParameterizedTest
    @CsvSource({"80,80,HOLDS", "80,70,IN_PART", "70,70,NOT"})
    void shouldJudgeAccuracyByStepsAgainstQsgd(final double one, final double two, final Verdict verdict) {
        assertEquals(
                verdict, claim(compression(10, 5, one, two), "7-accuracy-l2").verdict());
        assertEquals(
                verdict, claim(compression(10, 5, one, two), "10-accuracy-max").verdict());
    }

    @ParameterizedTest
    @CsvSource({"10,20,HOLDS", "20,10,NOT", "10,10,NOT", "10,15,IN_PART"})
    void shouldCountBytesOnce(final double vote, final double qsgd, final Verdict verdict) {
        for (final String id : List.of("10-bytes-l2", "10-bytes-max")) {
            // the second number of levels sends 5 fewer
            final Claim claim = claim(compression(vote, qsgd, 80, 80), id);

            assertEquals(qsgd == 15 ? Verdict.IN_PART : verdict, claim.verdict());
            assertEquals(2, claim.checks().size(), "once, not on each seed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // accuracies grow evenly with bytes from 10 %: with twice the bytes the vote has come half way
        "10, 80, 80, HOLDS",
        "40, 80, 80, NOT",
        "20, 160, 160, HOLDS",
        "20, 160, 100, IN_PART",
        "10, 80, 70, IN_PART",
        "10, 70, 70, NOT"
    })
    void shouldJudgeAccuracyAtEqualBytes(
            final double bytes, final double one, final double two, final Verdict verdict) {
        final Outcome vote = accuracies("vote", bytes, one / 2, two / 2);
        final List<Outcome> others = List.of(accuracies("QSGD", 10, 37, 37));

        final List<Claim> claims = new CompressionClaims(CONTEXT, vote, others, others).list();

        assertEquals(verdict, claim(claims, "10-equal-bytes-l2").verdict());
        assertEquals(verdict, claim(claims, "10-equal-bytes-max").verdict());
        assertEquals(Kind.QUESTION, claim(claims, "10-equal-bytes-l2").kind());
    }

    @ParameterizedTest
    @CsvSource({"399,NOT", "401,HOLDS", "NaN,HOLDS", "Infinity,HOLDS"})
    void shouldJudgeWhetherAveragingDiverges(final double loss, final Verdict verdict) {
        final List<Claim> claims = krum(Map.of(KrumLine.negative(MEAN, 1), ending("mean, 1 negative", loss)));

        final Claim claim = claim(claims, "9-one-sender");
        // half of its checks are of the vote, which learns
        assertEquals(verdict == Verdict.NOT ? Verdict.IN_PART : verdict, claim.verdict());
        assertEquals(verdict == Verdict.HOLDS, claim.measured().contains("2 of 2 seeds diverged"), claim.measured());
    }

    @Test
    void shouldNotTakeAVoteThatDivergesForOneThatLearns() {
        final Map<KrumLine, Outcome> spoilt = Map.of(
                KrumLine.negative(MEAN, 1), accuracies("mean, 1 negative", 8, 80, 80),
                KrumLine.negative(VOTE, 1), ending("vote, 1 negative", Double.NaN));

        assertEquals(Verdict.NOT, claim(krum(spoilt), "9-one-sender").verdict());
        assertEquals(Verdict.IN_PART, claim(krum(spoilt), "9-vote-learns").verdict());
    }

    @ParameterizedTest
    @CsvSource({"60,60,HOLDS", "60,75,IN_PART", "75,75,NOT"})
    void shouldJudgeMultiKrumBeyondItsBound(final double one, final double two, final Verdict verdict) {
        final List<Claim> claims =
                krum(Map.of(KrumLine.negative(KRUM, 3), accuracies("krum, 3 negative", 8, one, two)));

        assertEquals(verdict, claim(claims, "9-beyond-f").verdict());
    }

    @ParameterizedTest
    @CsvSource({"2.1,2.1,HOLDS", "2.1,1.9,IN_PART", "2.3,2.3,IN_PART", "NaN,NaN,NOT"})
    void shouldJudgeAnEpochsLoss(final double one, final double two, final Verdict verdict) {
        assertEquals(verdict, claim(language(100, 3200, one, two), "6-epochs").verdict());
    }

    @ParameterizedTest
    @CsvSource({
        // bytes of Adam: a step of 10 ms, 100 steps; at 1000 Mbit/s it needs 125 MB to take twice as long
        "130e6, HOLDS, 4",
        "120e6, IN_PART, 3",
        "5e6, NOT, 1",
        "0, NOT, 0"
    })
    void shouldAskForTheTimeOfAnEpochAtEachRateOnce(final double bytes, final Verdict verdict, final int holding) {
        final Claim claim = claim(language(1, bytes, 2, 2), "6-epoch-time");

        assertEquals(verdict, claim.verdict());
        assertEquals(4, claim.checks().size());
        assertEquals(holding, claim.checks().stream().filter(Claim.Check::holds).count());
    }

    @ParameterizedTest
    @CsvSource({
        // Adam has 2 bits: 1.905 to 2.1 are similar, and what is better is not
        "2.1,  2.1,  HOLDS",
        "2.0,  2.0,  HOLDS",
        "1.91, 1.91, HOLDS",
        "1.9,  1.9,  NOT",
        "1.2,  1.2,  NOT",
        "2.0,  1.9,  IN_PART",
        "2.1,  2.2,  IN_PART",
        "2.2,  2.2,  NOT",
        "NaN,  NaN,  NOT"
    })
    void shouldJudgePerplexityAtTheSameTime(final double one, final double two, final Verdict verdict) {
        // as many bytes: both end at the same time
        assertEquals(verdict, claim(language(100, 100, one, two), "6-time").verdict());
    }

    @ParameterizedTest
    @CsvSource({"2.5,2.5,HOLDS", "2.5,3.5,IN_PART", "3.5,3.5,NOT", "NaN,NaN,NOT"})
    void shouldAskWhetherLargerBatchesDoBetter(final double one, final double two, final Verdict verdict) {
        final List<Claim> claims = batches(one, two);

        assertEquals(verdict, claim(claims, "11-passes").verdict());
        assertEquals(verdict, claim(claims, "11-steps").verdict());
        claims.forEach(claim -> assertEquals(Kind.PAPER, claim.kind(), claim.id()));
    }

    @Test
    void shouldTellWhoseClaimsTheyAre() {
        final List<Claim> claims = compression(10, 5, 80, 80);

        for (final String id : List.of("7-accuracy-l2", "10-accuracy-max", "10-bytes-max")) {
            assertEquals(Kind.PAPER, claim(claims, id).kind(), id);
        }
        for (final String id : List.of("10-bytes-l2", "10-equal-bytes-l2", "10-equal-bytes-max")) {
            assertEquals(Kind.QUESTION, claim(claims, id).kind(), id);
        }
        robustness(80, 80, 80, 80).forEach(claim -> assertEquals(Kind.PAPER, claim.kind(), claim.id()));
        krum(Map.of()).forEach(claim -> assertEquals(Kind.PAPER, claim.kind(), claim.id()));
        language(100, 100, 2, 2).forEach(claim -> assertEquals(Kind.PAPER, claim.kind(), claim.id()));
    }

    @Test
    void shouldPutDifferencesBesideEveryVerdictThatComparesArms() {
        assertEquals(
                List.of("vote, 1 invert less vote, 0 invert: -15.0 points, 95 % interval -78.5 to +48.5, 2 seeds"),
                differences(robustness(70, 80, 80, 80), "8-learns"));
        assertEquals(
                List.of(
                        "vote, 1 invert, rate / 3 less vote, 1 invert: +5.00 points, 95 % interval -58.5 to +68.5, 2 seeds",
                        "vote, 1 invert, rate / 10 less vote, 1 invert: +5.00 points, 95 % interval -58.5 to +68.5, 2 seeds"),
                differences(robustness(70, 80, 80, 80), "8-lower-rate"));
        assertEquals(
                List.of(
                        "lost by vote, 1 invert less lost by mean, 1 invert: +5.00 points, 95 % interval -58.5 to +68.5,"
                                + " 2 seeds"),
                differences(robustness(70, 80, 80, 80), "8-loses-less"));
        assertEquals(
                List.of(
                        "vote less QSGD 1: -5.00 points, 95 % interval -68.5 to +58.5, 2 seeds",
                        "vote less QSGD 2: -5.00 points, 95 % interval -68.5 to +58.5, 2 seeds"),
                differences(compression(1e6, 1e6, 70, 80), "7-accuracy-l2"));
        assertEquals(
                List.of(
                        "vote less QSGD 1: -1.00 MB, 95 % interval -1.00 to -1.00, 2 seeds",
                        "vote less QSGD 2: -1.00 MB, 95 % interval -1.00 to -1.00, 2 seeds"),
                differences(compression(1e6, 2e6, 70, 80), "10-bytes-max"));
        assertEquals(
                List.of("krum, 3 negative less vote, 3 negative: -10.0 points, 95 % interval -10.0 to -10.0, 2 seeds"),
                differences(
                        krum(Map.of(KrumLine.negative(KRUM, 3), accuracies("krum, 3 negative", 8, 60, 60))),
                        "9-beyond-f"));
        assertEquals(
                List.of("vote less Adam: no number, 2 of 2 seeds give no finite difference"),
                differences(language(100, 100, Double.NaN, Double.NaN), "6-epochs"));
        assertEquals(
                List.of("vote less Adam at the same time: +0.100 bits, 95 % interval +0.100 to +0.100, 2 seeds"),
                differences(language(100, 100, 2.1, 2.1), "6-time"));
        final List<Claim> batches = batches(2, 2);
        for (final String id : List.of("11-passes", "11-steps")) {
            assertTrue(differences(batches, id).get(0).startsWith("large less small: -"), id);
        }
    }

    @Test
    void shouldMarkWhatDiverged() {
        final String table = Results.table(
                        List.of(accuracies("learns", 8e6, 80, 80), ending("rises", 500), ending("stopped", Double.NaN)))
                .toString();

        assertTrue(table.contains("; * diverged: the loss at the end is above that at the start"), table);
        assertTrue(table.contains("10.0 (diverged)  10.0* 10.0*"), table);
        assertTrue(table.contains("80.0             80.0 80.0 "), table);
        assertFalse(Results.table(List.of(accuracies("learns", 8, 80, 80)))
                .toString()
                .contains("diverged"));
        assertEquals("diverged", Results.number(Double.POSITIVE_INFINITY));
    }

    private static List<String> differences(final List<Claim> claims, final String id) {
        return claim(claims, id).differences().stream().map(Object::toString).toList();
    }

    static List<Claim> robustness(final double one, final double two, final double lower, final double mean) {
        final RobustnessLine attacked = RobustnessLine.of(Combiner.VOTE, 1);
        final Map<RobustnessLine, Outcome> all = new LinkedHashMap<>();
        put(all, RobustnessLine.of(Combiner.VOTE, 0), 90, 90);
        put(all, attacked, one, two);
        put(all, attacked.at(RateChoice.THIRD), lower, lower);
        put(all, attacked.at(RateChoice.TENTH), lower, lower);
        put(all, RobustnessLine.of(Combiner.MEAN, 0), 90, 90);
        put(all, RobustnessLine.of(Combiner.MEAN, 1), mean, mean);
        return new RobustnessClaims(CONTEXT, all, 1).list();
    }

    private static void put(
            final Map<RobustnessLine, Outcome> all, final RobustnessLine line, final double one, final double two) {
        all.put(line, accuracies(line.label(), 8, one, two));
    }

    static List<Claim> compression(final double bytes, final double qsgd, final double one, final double two) {
        final List<Outcome> others =
                List.of(accuracies("QSGD 1", qsgd, 80, 80), accuracies("QSGD 2", qsgd == 15 ? 10 : qsgd, 80, 80));
        return new CompressionClaims(CONTEXT, accuracies("vote", bytes, one, two), others, others).list();
    }

    static List<Claim> krum(final Map<KrumLine, Outcome> spoilt) {
        final Map<KrumLine, Outcome> all = new LinkedHashMap<>();
        for (final KrumLine line : List.of(
                KrumLine.clean(VOTE),
                KrumLine.negative(VOTE, 1),
                KrumLine.negative(VOTE, 3),
                KrumLine.negative(KRUM, 3),
                KrumLine.clean(MEAN),
                KrumLine.negative(MEAN, 1))) {
            all.put(line, accuracies(line.label(), 8, 70, 70));
        }
        all.putAll(spoilt);
        return new KrumClaims(CONTEXT, all, VOTE, List.of(KRUM), MEAN, 2).list();
    }

    static List<Claim> batches(final double one, final double two) {
        return new BatchClaims(
                        CONTEXT, List.of(bits("small", 0, 3, 3), bits("large", 0, one, two)), bits("Adam", 0, 2, 2))
                .list();
    }

    /** Adam ends at 2 bits; a step of either takes 10 ms. */
    static List<Claim> language(final double bytes, final double adams, final double one, final double two) {
        final Outcome vote = bits("vote", bytes, one, two);
        return new LanguageClaims(CONTEXT, new ComputedTime(0.01, 0.01, vote), vote, bits("Adam", adams, 2, 2)).list();
    }
}
