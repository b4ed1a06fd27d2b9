package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.paper.figure.BoundCheck.Case;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Recording;
import io.signvote.examples.paper.run.Trial;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Measure;
import io.signvote.examples.task.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The rates' claims over runs of a vote that is sound, and of votes that are not. */
class BoundClaimsTest {
    /** Large enough that who does not come nearer to the minimum leaves the bound. */
    private static final int STEPS = 100;

    @Test
    void shouldHoldForASoundVote() throws Exception {
        final List<Claim> claims = claims(UnaryOperator.identity());

        for (final String id : List.of("rates-1", "rates-2", "rates-2-blind", "rates-control")) {
            assertEquals(Verdict.HOLDS, MadeUpOutcomes.claim(claims, id).verdict(), id);
        }
    }

    @Test
    void shouldCountTheoremsApart() {
        final List<BoundCheck> first = List.of(new BoundCheck(RatesFigure.smallBatch(1, STEPS), new double[] {1, 1}));
        final List<Claim> claims = new BoundClaims(MadeUpOutcomes.CONTEXT, first, first, control(1, 2)).list();

        for (final Claim claim : claims) {
            assertEquals(claim.id().equals("rates-control") ? Kind.QUESTION : Kind.THEOREM, claim.kind(), claim.id());
        }
        assertEquals(
                "K=100 less K=1: +1.00, 95 % interval +1.00 to +1.00, 2 seeds",
                MadeUpOutcomes.claim(claims, "rates-control")
                        .differences()
                        .get(0)
                        .toString());
    }

    @Test
    void shouldNotHoldForAVoteThatGoesUp() throws Exception {
        final Method vote = Method.vote(0);
        final Method upwards = new Method("upwards", "upwards", (communicator, tensors, seed) -> {
            final Optimiser sound = vote.maker().open(communicator, tensors, seed);
            return new Optimiser() {
                @Override
                public void step(final float[] gradients, final float[] parameters, final float rate) {
                    for (int i = 0; i < gradients.length; i++) {
                        gradients[i] = -gradients[i];
                    }
                    sound.step(gradients, parameters, rate);
                }

                @Override
                public void close() {
                    sound.close();
                }
            };
        });

        final List<Claim> claims = claims(settings -> settings.method(upwards));

        assertEquals(Verdict.NOT, MadeUpOutcomes.claim(claims, "rates-1").verdict());
        assertEquals(Verdict.NOT, MadeUpOutcomes.claim(claims, "rates-2").verdict());
        assertEquals(
                Verdict.NOT,
                MadeUpOutcomes.claim(claims, "rates-control").verdict(),
                "two of three turn it round again");
    }

    @Test
    void shouldNotHoldForAVoteThatHardlyMoves() throws Exception {
        final List<Claim> claims = claims(settings -> settings.rate(1e-6f));

        assertEquals(Verdict.NOT, MadeUpOutcomes.claim(claims, "rates-1").verdict());
        assertEquals(Verdict.NOT, MadeUpOutcomes.claim(claims, "rates-2").verdict());
    }

    @Test
    void shouldNotHoldForWhatIsNoNumber() {
        final Case asked = RatesFigure.smallBatch(1, STEPS);
        final BoundCheck broken = new BoundCheck(asked, new double[] {Double.NaN, Double.NaN});

        final Claim claim = new BoundClaims(
                        MadeUpOutcomes.CONTEXT,
                        List.of(broken),
                        List.of(new BoundCheck(asked, new double[] {1, 1})),
                        control(1, 2))
                .list()
                .get(0);

        assertEquals(Verdict.NOT, claim.verdict());
    }

    @Test
    void shouldSeeAControlThatFalls() {
        final List<BoundCheck> first = List.of(new BoundCheck(RatesFigure.smallBatch(1, STEPS), new double[] {1, 1}));

        assertEquals(
                Verdict.NOT,
                MadeUpOutcomes.claim(
                                new BoundClaims(MadeUpOutcomes.CONTEXT, first, first, control(2, 1)).list(),
                                "rates-control")
                        .verdict());
    }

    @Test
    void shouldPromiseNothingFromAHalfOn() {
        assertFalse(Double.isFinite(RatesFigure.vote(Participants.honest(4).with(Attack.INVERT, 2), STEPS)
                .bound()));
        assertFalse(Double.isFinite(RatesFigure.vote(Participants.honest(3).with(Attack.INVERT, 2), STEPS)
                .bound()));
    }

    private static List<BoundCheck> control(final double atFirst, final double later) {
        final Participants participants = Participants.honest(3).with(Attack.INVERT, 2);
        return List.of(
                new BoundCheck(RatesFigure.vote(participants, 1), new double[] {atFirst, atFirst}),
                new BoundCheck(RatesFigure.vote(participants, STEPS), new double[] {later, later}));
    }

    private static List<Claim> claims(final UnaryOperator<TrialSettings> change) throws InterruptedException {
        final Participants honest = Participants.honest(3);
        final List<BoundCheck> second = List.of(
                check(RatesFigure.vote(honest, STEPS), change),
                check(RatesFigure.vote(honest.with(Attack.RANDOMISE, 1), STEPS), change),
                check(RatesFigure.vote(honest.with(Attack.RESCALE, 1), STEPS), change));
        final Participants most = honest.with(Attack.INVERT, 2);
        return new BoundClaims(
                        MadeUpOutcomes.CONTEXT,
                        List.of(check(RatesFigure.smallBatch(0.1, STEPS), change)),
                        second,
                        List.of(check(RatesFigure.vote(most, 1), change), check(RatesFigure.vote(most, STEPS), change)))
                .list();
    }

    private static BoundCheck check(final Case asked, final UnaryOperator<TrialSettings> change)
            throws InterruptedException {
        final List<Double> left = new ArrayList<>();
        for (int seed = 1; seed <= 2; seed++) {
            final TrialSettings settings =
                    change.apply(asked.contender().base()).seed(seed, Split.TEST);
            final Recording recording = new Trial(settings).run(work -> {});
            left.add(recording.value(Measure.OBJECTIVE));
        }
        return new BoundCheck(
                asked, left.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
