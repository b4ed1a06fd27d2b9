package io.signvote.examples.paper.figure;

import io.signvote.examples.task.TextProblem;
import java.io.IOException;
import java.util.List;

/** What figures 6 and 11 train: a small QRNN that guesses the next character of a text. */
final class Language {
    /** Characters of a piece of text; a batch is counted in pieces. */
    static final int PIECE = 64;

    /** Of a loss: bits per character. */
    static final String UNIT = "bits";

    /** Of every method. */
    static final List<Float> RATES = List.of(1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f);

    /** How the grid came about, for the settings. */
    static final String GRID =
            "one for all methods; moved up, tenfold for Signum and about threefold for Adam, after a first trial with"
                    + " --quick, in which every search took its upper edge";

    private Language() {}

    static TextProblem problem(final Bench bench) throws IOException {
        final Scale scale = bench.scale();
        return new TextProblem(
                bench.text(),
                scale.of(16, 16, 64),
                scale.of(32, 32, 256),
                PIECE,
                scale.of(4_000, 16_000, Integer.MAX_VALUE));
    }

    /** Bits per character as text, with the perplexity that they are. */
    static String told(final double bits) {
        return !Double.isFinite(bits)
                ? Results.number(bits)
                : Results.number(bits) + " bits (perplexity " + Results.number(Math.pow(2, bits)) + ")";
    }
}
