package io.signvote.examples.paper.stats;

/** Student's t, by which the mean of few normal values is off. */
public final class Student {
    /** Of Simpson's rule, even. */
    private static final int PIECES = 2000;

    private Student() {}

    /**
     * How likely |mean| / deviation of a sample is above a ratio where the mean of the distribution is 0.
     *
     * @param size  of the sample, at least 2.
     * @param ratio above 0.
     * @return both tails of t at ratio sqrt(size), with size - 1 degrees of freedom. With t = sqrt(size - 1) tan(angle) the density
     *     is cos(angle)^(size - 2).
     */
    public static double above(final int size, final double ratio) {
        final double angle = Math.atan(ratio * Math.sqrt(size / (size - 1.0)));
        return integral(size - 2, angle) / integral(size - 2, 0);
    }

    /** Of cos^power, to a right angle, by Simpson's rule. */
    private static double integral(final int power, final double from) {
        final double width = (Math.PI / 2 - from) / PIECES;
        double sum = 0;
        for (int i = 0; i <= PIECES; i++) {
            final double weight = i == 0 || i == PIECES ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.pow(Math.cos(from + i * width), power);
        }
        return sum * width / 3;
    }
}
