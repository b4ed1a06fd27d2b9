package io.signvote.examples.paper.stats;

/**
 * Hartigan's dip: the largest distance between the distribution function of a sample and the closest unimodal one. A unimodal
 * distribution function is convex up to some point, and concave after it. The search narrows the interval of that point. In each
 * round the convex envelope below and the concave envelope above are furthest apart at the next edge of the interval.
 *
 * <p>Heights count values: the distribution function rises by 1 at each value. The convex envelope runs through the lower corners
 * of its steps. They are 1 below the counted height.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176346577">Hartigan and Hartigan 1985, section 5</a>
 */
final class DipStatistic {
    private final double[] x;
    private final double[] first;
    private final double[] last;
    private final int size;
    private int low;
    private int high;
    private double distance = 1;

    private DipStatistic(final double[] sorted) {
        size = sorted.length;
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        x = new double[distinct];
        first = new double[distinct];
        last = new double[distinct];
        int next = -1;
        for (int i = 0; i < size; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                x[++next] = sorted[i];
                first[next] = i + 1;
            }
            last[next] = i + 1;
        }
        high = distinct - 1;
    }

    /**
     * The dip of a sample.
     *
     * @param sorted ascending, at least one value.
     * @return at least 1 / (2 n), the distance of any step function from a line.
     */
    static double of(final double[] sorted) {
        final DipStatistic search = new DipStatistic(sorted);
        while (search.narrow()) {
            // the interval is smaller now
        }
        return search.distance / (2.0 * search.size);
    }

    /** Closes in once; false where the chains are nowhere further apart than the distance found, or the interval stays. */
    private boolean narrow() {
        if (low == high) {
            return false;
        }
        final Envelope below = new Envelope(x, first, low, high, true);
        final Envelope above = new Envelope(x, last, low, high, false);
        final double[] belowHeights = below.heights(low, high);
        final double[] aboveHeights = above.heights(low, high);
        final int belowCorner = furthest(below, belowHeights, aboveHeights);
        final int aboveCorner = furthest(above, belowHeights, aboveHeights);
        final double atBelow = gap(below.corner(belowCorner), belowHeights, aboveHeights);
        final double atAbove = gap(above.corner(aboveCorner), belowHeights, aboveHeights);
        if (Math.max(atBelow, atAbove) <= distance) {
            return false;
        }
        final int nextLow = atBelow > atAbove ? below.corner(belowCorner) : before(below, above.corner(aboveCorner));
        final int nextHigh = atBelow > atAbove ? after(above, below.corner(belowCorner)) : above.corner(aboveCorner);
        // at the edges themselves the closest function may jump, and so need not bear with a jump there
        for (int i = low; i < nextLow; i++) {
            distance = Math.max(distance, last[i] - belowHeights[i - low] + 1);
        }
        for (int i = high; i > nextHigh; i--) {
            distance = Math.max(distance, aboveHeights[i - low] - first[i] + 1);
        }
        final boolean isNarrower = nextLow > low || nextHigh < high;
        low = nextLow;
        high = nextHigh;
        return isNarrower;
    }

    private int furthest(final Envelope envelope, final double[] belowHeights, final double[] aboveHeights) {
        int best = 0;
        for (int i = 1; i < envelope.cornerCount(); i++) {
            final boolean isFurther = gap(envelope.corner(i), belowHeights, aboveHeights)
                    > gap(envelope.corner(best), belowHeights, aboveHeights);
            best = isFurther ? i : best;
        }
        return best;
    }

    private double gap(final int i, final double[] belowHeights, final double[] aboveHeights) {
        return aboveHeights[i - low] - belowHeights[i - low] + 1;
    }

    private static int before(final Envelope envelope, final int point) {
        int corner = 0;
        while (corner + 1 < envelope.cornerCount() && envelope.corner(corner + 1) <= point) {
            corner++;
        }
        return envelope.corner(corner);
    }

    private static int after(final Envelope envelope, final int point) {
        int corner = envelope.cornerCount() - 1;
        while (corner > 0 && envelope.corner(corner - 1) >= point) {
            corner--;
        }
        return envelope.corner(corner);
    }
}
