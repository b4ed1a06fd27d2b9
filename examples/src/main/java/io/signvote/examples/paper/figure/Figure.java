package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.sheet.Sheet;
import java.io.IOException;
import java.util.List;

/** A figure of the paper, or two that are drawn from the same runs. */
public interface Figure {
    /** {@return what it is called on the command line: numbers, or a word} */
    List<String> names();

    /** {@return what it is about} */
    String title();

    /** {@return the fewest ranks that it can be drawn with} */
    default int leastRanks() {
        return 1;
    }

    /**
     * Runs what is missing and draws.
     *
     * @param bench to work with.
     * @return what it came to.
     * @throws IOException          where data cannot be read or results not be kept.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    Sheet draw(Bench bench) throws IOException, InterruptedException;

    /** {@return for file names} */
    default String id() {
        return Character.isDigit(names().get(0).charAt(0)) ? "figure-" + String.join("-", names()) : names().get(0);
    }
}
