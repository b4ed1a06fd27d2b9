package io.signvote.examples.task;

import io.signvote.examples.data.Text;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Network;
import io.signvote.examples.net.Score;
import java.util.Locale;

/**
 * A network that guesses the next character of a text. The first eight tenths are learnt from, the next tenth is for
 * validation, the last for test. Each is cut into pieces of one length; rank r learns from every M-th piece.
 */
public final class TextProblem implements Problem {
    private static final int SCORE_PIECES = 16;

    private final Text text;
    private final int embedded;
    private final int hidden;
    private final int length;
    private final int trainPieces;
    private final int splitPieces;
    private final int splitLength;

    /**
     * A problem over a text.
     *
     * @param text      to learn.
     * @param embedded  length of a character's vector.
     * @param hidden    units of each of the two recurrent layers.
     * @param length    characters of a piece.
     * @param scoredMax most characters that validation and test look at.
     */
    public TextProblem(final Text text, final int embedded, final int hidden, final int length, final int scoredMax) {
        this.text = text;
        this.embedded = embedded;
        this.hidden = hidden;
        this.length = length;
        splitLength = text.length() / 10;
        trainPieces = (text.length() - 2 * splitLength - 1) / length;
        splitPieces = Math.min(splitLength - 1, scoredMax) / length;
    }

    @Override
    public String settings() {
        return String.format(
                Locale.ROOT,
                "qrnn 2x%d, embedding %d, pieces of %d, on text %08x, %d train, %d scored",
                hidden,
                embedded,
                length,
                text.fingerprint(),
                trainPieces * length,
                splitPieces * length);
    }

    @Override
    public String description() {
        return String.format(
                        Locale.ROOT,
                        "two QRNN layers of %d over vectors of %d, %,d parameters, pieces of %d characters; %s; of these %,d to"
                                + " learn from",
                        hidden,
                        embedded,
                        learner(0, 1, 1, 0).parameters().length,
                        length,
                        text,
                        trainPieces * length)
                + (splitPieces > 1
                        ? String.format(Locale.ROOT, ", %,d each for validation and test", splitPieces * length)
                        : "");
    }

    @Override
    public Measure measure() {
        return Measure.BITS;
    }

    /** Pieces, since a batch is counted in them. */
    @Override
    public long trainCount() {
        return trainPieces;
    }

    @Override
    public Learner learner(final int rank, final int ranks, final int batch, final long seed) {
        return new TextLearner(rank, ranks, batch, seed);
    }

    private final class TextLearner extends NetworkLearner {
        private final int rank;
        private final int ranks;
        private final int pieces;
        private final Batch batch;
        private final Passes passes;
        private final int[] starts;

        TextLearner(final int rank, final int ranks, final int pieces, final long seed) {
            super(Network.characters(text.symbolCount(), embedded, hidden, length, Math.max(pieces, SCORE_PIECES)));
            this.rank = rank;
            this.ranks = ranks;
            this.pieces = pieces;
            final int capacity = Math.max(pieces, SCORE_PIECES);
            batch = new Batch(1, capacity * length);
            passes = new Passes((trainPieces - rank + ranks - 1) / ranks, trainPieces / ranks, pieces, seed, rank);
            starts = new int[capacity];
        }

        @Override
        public double learn(final int step) {
            final int end = passes.end(step);
            for (int i = 0; i < pieces; i++) {
                starts[i] = (rank + passes.indices()[end - pieces + i] * ranks) * length;
            }
            return network.train(batch.fill(text, starts, 0, pieces, length));
        }

        @Override
        public Score score(final Split split) {
            final int from = text.length() - (split == Split.VALIDATION ? 2 : 1) * splitLength;
            Score score = Score.NONE;
            int count = 0;
            for (int piece = rank; piece < splitPieces; piece += ranks) {
                starts[count++] = from + piece * length;
                if (count == SCORE_PIECES || piece + ranks >= splitPieces) {
                    score = score.plus(network.score(batch.fill(text, starts, 0, count, length)));
                    count = 0;
                }
            }
            return score;
        }
    }
}
