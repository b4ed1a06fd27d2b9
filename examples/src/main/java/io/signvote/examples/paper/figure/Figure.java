package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.FigureReport;
import java.io.IOException;
import java.util.List;

/** A figure of the paper, or two figures that share their runs. */
public interface Figure {
    /** {@return its names on the command line: numbers, or a word} */
    List<String> names();

    /** {@return its heading} */
    String title();

    /** {@return the fewest ranks that it needs} */
    default int leastRanks() {
        return 1;
    }

    /**
     * Runs the trials that are not kept yet, and draws.
     *
     * @param context with scale, seeds, data and the runner.
     * @return all results.
     * @throws IOException          if data cannot be read or results cannot be kept.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    FigureReport draw(FigureContext context) throws IOException, InterruptedException;

    /** {@return the identifiers of its claims, in the order of its Markdown file} */
    default List<String> claims() {
        return Prose.of(id()).claims();
    }

    /** {@return its name in files; its words are in the Markdown file of this name} */
    default String id() {
        return Character.isDigit(names().get(0).charAt(0)) ? "figure-" + String.join("-", names()) : names().get(0);
    }
}
