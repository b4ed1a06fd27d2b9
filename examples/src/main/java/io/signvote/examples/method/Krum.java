package io.signvote.examples.method;

import java.util.Arrays;

/**
 * The choice of Multi-Krum: each vector's score is the sum of its squared distances to its n - f - 2 nearest others; the m
 * vectors of the least scores are chosen. Of equal scores the smaller rank comes first.
 *
 * @see <a href="https://arxiv.org/abs/1703.02757">Blanchard, El Mhamdi, Guerraoui and Stainer 2017</a>
 */
final class Krum {
    private final int ranks;
    private final int liars;
    private final int chosen;

    /**
     * A choice.
     *
     * @param ranks  n.
     * @param liars  f, the most that may lie; n is at least 2 f + 3.
     * @param chosen m, 1 to n - f.
     */
    Krum(final int ranks, final int liars, final int chosen) {
        if (liars < 0 || ranks < 2 * liars + 3) {
            throw new IllegalArgumentException("ranks=" + ranks + " < " + (2 * liars + 3) + " = 2 f + 3 with f=" + liars
                    + ", add ranks or lower f");
        }
        if (chosen < 1 || chosen > ranks - liars) {
            throw new IllegalArgumentException("m=" + chosen + ", expected 1 to n - f = " + (ranks - liars));
        }
        this.ranks = ranks;
        this.liars = liars;
        this.chosen = chosen;
    }

    /**
     * Chooses.
     *
     * @param distances squared, between any two ranks; what is not a number counts as infinitely far.
     * @return the chosen ranks, ascending.
     */
    int[] choose(final double[][] distances) {
        final double[] scores = new double[ranks];
        for (int rank = 0; rank < ranks; rank++) {
            scores[rank] = score(rank, distances[rank]);
        }
        final boolean[] isChosen = new boolean[ranks];
        final int[] best = new int[chosen];
        for (int i = 0; i < chosen; i++) {
            best[i] = least(scores, isChosen);
            isChosen[best[i]] = true;
        }
        Arrays.sort(best);
        return best;
    }

    double score(final int rank, final double[] distances) {
        final double[] others = new double[ranks - 1];
        for (int i = 0; i < others.length; i++) {
            final double distance = distances[i < rank ? i : i + 1];
            others[i] = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
        }
        Arrays.sort(others);
        double sum = 0;
        for (int i = 0; i < ranks - liars - 2; i++) {
            sum += others[i];
        }
        return sum;
    }

    private static int least(final double[] scores, final boolean[] isChosen) {
        int best = -1;
        for (int rank = 0; rank < scores.length; rank++) {
            if (!isChosen[rank] && (best < 0 || scores[rank] < scores[best])) {
                best = rank;
            }
        }
        return best;
    }
}
