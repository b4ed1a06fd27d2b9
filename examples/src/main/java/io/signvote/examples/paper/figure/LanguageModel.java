package io.signvote.examples.paper.figure;

import io.signvote.examples.task.TextProblem;
import java.io.IOException;
import java.util.List;

/** The model of figures 6 and 11: a small QRNN that guesses the next character of a text. */
final class LanguageModel {
    /** Characters of a piece of text; a batch is counted in pieces. */
    static final int PIECE = 64;

    /** Of a loss: bits per character. */
    static final String UNIT = "bits";

    /** Of every method. */
    static final List<Float> RATES = List.of(1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f);

    private static final Prose PROSE = Prose.of("language");

    private LanguageModel() {}

    /** How the grid of rates was chosen, for the settings. */
    static String grid() {
        return PROSE.setting("grid of rates");
    }

    static TextProblem problem(final FigureContext context) throws IOException {
        final Scale scale = context.scale();
        return new TextProblem(
                context.text(),
                scale.of(16, 16, 64),
                scale.of(32, 32, 256),
                PIECE,
                scale.of(4_000, 16_000, Integer.MAX_VALUE));
    }

    /** Bits per character as text, with their perplexity. */
    static String told(final double bits) {
        return !Double.isFinite(bits)
                ? Results.number(bits)
                : Results.number(bits) + " bits (perplexity " + Results.number(Math.pow(2, bits)) + ")";
    }
}
