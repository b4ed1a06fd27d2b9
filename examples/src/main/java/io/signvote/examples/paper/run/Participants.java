package io.signvote.examples.paper.run;

import io.signvote.examples.adversary.Attack;

/**
 * The ranks of a run. The last ones are adversaries. They step their parameters like the others.
 *
 * @param ranks  in all.
 * @param liars  adversaries among them.
 * @param attack of the adversaries; null if there are none.
 */
public record Participants(int ranks, int liars, Attack attack) {
    /** Checks the numbers. */
    public Participants {
        if (ranks < 1 || liars < 0 || liars > ranks || (liars > 0 && attack == null)) {
            throw new IllegalArgumentException("ranks=" + ranks + " liars=" + liars + " attack=" + attack);
        }
    }

    /**
     * Ranks without adversaries.
     *
     * @param ranks in all.
     * @return the ranks.
     */
    public static Participants honest(final int ranks) {
        return new Participants(ranks, 0, null);
    }

    /**
     * The same number of ranks, with adversaries.
     *
     * @param attack of the adversaries.
     * @param liars  number of adversaries.
     * @return as many ranks as before.
     */
    public Participants with(final Attack attack, final int liars) {
        return new Participants(ranks, liars, liars == 0 ? null : attack);
    }

    boolean isLiar(final int rank) {
        return rank >= ranks - liars;
    }

    @Override
    public String toString() {
        return "ranks=" + ranks + " liars=" + liars + (attack == null ? "" : " attack=" + attack);
    }
}
