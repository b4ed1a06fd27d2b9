package io.signvote.examples.paper.figure;

import java.util.List;
import java.util.Optional;

/** All figures, in the order of the paper. */
public final class Figures {
    private static final List<Figure> ALL = List.of(
            new Figure1(),
            new Figures2And3(),
            new Figure4(),
            new Figure5(),
            new Figure6(),
            new Figures7And10(),
            new Figure8(),
            new Figure9(),
            new Figure11(),
            new RatesFigure());

    private Figures() {}

    /** {@return all of them} */
    public static List<Figure> all() {
        return ALL;
    }

    /**
     * Finds one.
     *
     * @param name number or word.
     * @return the figure that shows it.
     */
    public static Optional<Figure> find(final String name) {
        return ALL.stream().filter(figure -> figure.names().contains(name)).findFirst();
    }
}
