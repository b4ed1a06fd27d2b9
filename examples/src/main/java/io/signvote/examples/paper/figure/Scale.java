package io.signvote.examples.paper.figure;

/** How much a figure runs. */
public enum Scale {
    /** Under a minute a figure, on two seeds: shows that all parts work. */
    QUICK,
    /** At most four minutes a figure on two cores, on five seeds. */
    DEFAULT,
    /** Large models and many steps: hours. */
    FULL;

    /**
     * Chooses.
     *
     * @param quick  where there is no time.
     * @param normal where there is some.
     * @param full   where there is enough.
     * @return one of them.
     */
    public int of(final int quick, final int normal, final int full) {
        return switch (this) {
            case QUICK -> quick;
            case DEFAULT -> normal;
            case FULL -> full;
        };
    }
}
