package io.signvote.examples.paper.stats;

/**
 * The convex envelope below some points, or the concave envelope above them: the greatest convex function below, or the least
 * concave function above. It is a chain of straight pieces from the first point to the last.
 */
final class Envelope {
    private final double[] x;
    private final double[] y;
    private final int[] corners;
    private int cornerCount;

    /**
     * A chain over the points from one index to another.
     *
     * @param x       strictly ascending.
     * @param y       of each.
     * @param isBelow whether it is the convex one.
     */
    Envelope(final double[] x, final double[] y, final int from, final int to, final boolean isBelow) {
        this.x = x;
        this.y = y;
        corners = new int[to - from + 1];
        for (int i = from; i <= to; i++) {
            while (cornerCount >= 2 && isBeyond(corners[cornerCount - 2], corners[cornerCount - 1], i, isBelow)) {
                cornerCount--;
            }
            corners[cornerCount++] = i;
        }
    }

    int cornerCount() {
        return cornerCount;
    }

    /** Index of the point at a corner. */
    int corner(final int index) {
        return corners[index];
    }

    /** Heights of the chain at the points from one index to another, both within it. */
    double[] heights(final int from, final int to) {
        final double[] heights = new double[to - from + 1];
        int piece = 0;
        for (int i = from; i <= to; i++) {
            while (piece + 2 < cornerCount && corners[piece + 1] <= i) {
                piece++;
            }
            heights[i - from] = cornerCount == 1 ? y[corners[0]] : height(corners[piece], corners[piece + 1], i);
        }
        return heights;
    }

    private double height(final int left, final int right, final int i) {
        return y[left] + (y[right] - y[left]) * ((x[i] - x[left]) / (x[right] - x[left]));
    }

    /** Whether the middle point does not lie on the chain's side of the line from the left to the right one. */
    private boolean isBeyond(final int left, final int middle, final int right, final boolean isBelow) {
        final double turn = (y[middle] - y[left]) * (x[right] - x[left]) - (y[right] - y[left]) * (x[middle] - x[left]);
        return isBelow ? turn >= 0 : turn <= 0;
    }
}
