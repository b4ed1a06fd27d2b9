package io.signvote.examples.paper.run;

import io.signvote.examples.adversary.Attack;

/**
 * Who takes part. The last ranks are the adversaries; they step their parameters like the others.
 *
 * @param ranks  in all.
 * @param liars  adversaries among them.
 * @param attack what these do; null where there are none.
 */
public record Crew(int ranks, int liars, Attack attack) {
    /** Checks that someone is left. */
    public Crew {
        if (ranks < 1 || liars < 0 || liars > ranks || (liars > 0 && attack == null)) {
            throw new IllegalArgumentException("ranks=" + ranks + " liars=" + liars + " attack=" + attack);
        }
    }

    /**
     * Ranks that all say what they computed.
     *
     * @param ranks in all.
     * @return without adversaries.
     */
    public static Crew honest(final int ranks) {
        return new Crew(ranks, 0, null);
    }

    /**
     * Some of them gone bad.
     *
     * @param attack what they do.
     * @param liars  how many.
     * @return as many ranks as before.
     */
    public Crew with(final Attack attack, final int liars) {
        return new Crew(ranks, liars, liars == 0 ? null : attack);
    }

    boolean isLiar(final int rank) {
        return rank >= ranks - liars;
    }

    @Override
    public String toString() {
        return "ranks=" + ranks + " liars=" + liars + (attack == null ? "" : " attack=" + attack);
    }
}
