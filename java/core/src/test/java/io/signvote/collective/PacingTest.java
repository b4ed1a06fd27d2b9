package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pacing promises, whatever its constants: the receiver is a model, and so is the clock. */
class PacingTest {
    private static final int CAP = 256;
    private static final int FRAME = 8_000;
    private static final int FRAMES = 200_000;

    private long nowNs;
    private long nakCount;
    private int least = Integer.MAX_VALUE;
    private int most;

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 256})
    void shouldKeepAFixedCreditForEver(final int credit) {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, credit);
        run(pacing, CAP, 3, 1000, 10);

        assertEquals(credit, least);
        assertEquals(credit, most);
    }

    @Test
    void shouldNeverGrantMoreThanTheCapOfTheRound() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 20);
        pacing.beginRound(7, 3, true);
        assertEquals(7, pacing.credit());
        pacing.beginRound(CAP, 3, true);
        assertEquals(20, pacing.credit());

        final Pacing adapting = new Pacing(() -> nowNs, () -> nakCount, 0);
        run(adapting, 5, 3, 1 << 20, 1 << 20);
        assertTrue(most <= 5, "credit=" + most);
    }

    @Test
    void shouldFindItsCreditAgainWhenItLeadsAgain() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        run(pacing, CAP, 3, 20, 20);
        final int found = pacing.credit();
        assertTrue(found < CAP, "credit=" + found);

        pacing.beginRound(CAP, 3, false);
        assertEquals(CAP, pacing.credit());
        pacing.beginRound(CAP, 3, true);
        assertEquals(found, pacing.credit());
    }

    @Test
    void shouldRaiseTheCreditWhileThatDeliversMore() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        final int first = first(pacing);

        run(pacing, CAP, 3, 1 << 20, 1 << 20);

        assertTrue(pacing.credit() >= 4 * first, "credit=" + pacing.credit() + " from " + first);
        assertTrue(least >= 1, "credit=" + least);
    }

    @Test
    void shouldLowerTheCreditWhereFramesAreLostAndStayAboveNothing() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        run(pacing, CAP, 3, 1 << 20, 1 << 20);
        final int high = pacing.credit();

        run(pacing, CAP, 3, 1 << 20, 0);

        assertTrue(pacing.credit() < high, "credit=" + pacing.credit() + " from " + high);
        assertTrue(least >= 1, "credit=" + least);
    }

    @Test
    void shouldObjectOnlyAfterLossWhereAnotherLeads() {
        final Pacing follower = new Pacing(() -> nowNs, () -> nakCount, 0);
        follower.beginRound(CAP, 3, false);
        assertEquals(CAP, follower.credit());

        frames(follower, 40, 0);
        assertEquals(CAP, follower.credit());
        frames(follower, 40, 1);
        assertTrue(follower.credit() < 40, "credit=" + follower.credit());
    }

    @Test
    void shouldFollowDownWhereAnotherObjects() {
        final Pacing leader = new Pacing(() -> nowNs, () -> nakCount, 0);
        leader.beginRound(CAP, 3, true);

        frames(leader, 3, 0);

        assertTrue(leader.credit() <= 4, "credit=" + leader.credit());
    }

    /** A vote that lost a frame, and then a barrier or a sum of one float, in which its epoch would have ended. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldNotTakeASmallCallForTheCreditThatLost(final int small) {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        run(pacing, CAP, 3, 1 << 20, 100);
        final int found = pacing.credit();
        assertTrue(found > 16, "credit=" + found);

        for (int i = 0; i < 300; i++) {
            pacing.beginRound(CAP, 3, true);
            for (int frame = 0; frame < 5; frame++) {
                pacing.onFrame(FRAME, found);
            }
            pacing.endRound();
            nakCount += i % 60 == 0 ? 1 : 0;
            pacing.beginRound(small, 3, true);
            for (int frame = 0; frame < 40; frame++) {
                nowNs += 1_000;
                pacing.onFrame(FRAME, Math.min(small, found));
            }
            pacing.endRound();
        }
        run(pacing, CAP, 3, 1 << 20, 100);

        assertTrue(least > found / 3, "credit=" + least + " to " + most + ", was " + found);
    }

    @Test
    void shouldObjectWhereEveryCallIsSmallFromNowOn() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        run(pacing, CAP, 3, 1 << 20, 100);

        for (int i = 0; i < 1_000; i++) {
            run(pacing, 12, 3, 40, 1 << 20, 4);
        }

        assertTrue(pacing.credit() < 12, "credit=" + pacing.credit());
    }

    private void frames(final Pacing pacing, final int inForce, final long naks) {
        nakCount = naks;
        for (int i = 0; i < 2_000; i++) {
            nowNs += 1_000;
            pacing.onFrame(FRAME, inForce);
        }
    }

    @Test
    void shouldSpendMostOfItsTimeBelowTheCreditThatLosesFrames() {
        final Pacing pacing = new Pacing(() -> nowNs, () -> nakCount, 0);
        final int limit = 40;
        int above = 0;
        pacing.beginRound(CAP, 3, true);
        for (int i = 0; i < FRAMES; i++) {
            frame(pacing, 1 << 20, limit);
            above += pacing.credit() > limit ? 1 : 0;
        }

        assertTrue(above < FRAMES / 4, "above the limit for " + above + " of " + FRAMES + " frames");
    }

    /** Delivers at a rate that grows with the credit up to a limit, and loses frames above another. */
    private void run(
            final Pacing pacing, final int cap, final int senders, final int usefulCredit, final int losslessCredit) {
        run(pacing, cap, senders, FRAMES, usefulCredit, losslessCredit);
    }

    private void run(
            final Pacing pacing,
            final int cap,
            final int senders,
            final int frames,
            final int usefulCredit,
            final int losslessCredit) {
        least = Integer.MAX_VALUE;
        most = 0;
        pacing.beginRound(cap, senders, true);
        for (int i = 0; i < frames; i++) {
            frame(pacing, usefulCredit, losslessCredit);
            least = Math.min(least, pacing.credit());
            most = Math.max(most, pacing.credit());
        }
        pacing.endRound();
    }

    private void frame(final Pacing pacing, final int usefulCredit, final int losslessCredit) {
        nowNs += 1_000_000 / Math.min(pacing.credit(), usefulCredit);
        nakCount += pacing.credit() > losslessCredit ? 1 : 0;
        pacing.onFrame(FRAME, pacing.credit());
    }

    private static int first(final Pacing pacing) {
        pacing.beginRound(CAP, 3, true);
        return pacing.credit();
    }
}
