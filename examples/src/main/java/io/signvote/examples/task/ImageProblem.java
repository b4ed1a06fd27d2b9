package io.signvote.examples.task;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Score;
import java.util.Locale;

/**
 * A network that tells images apart. Every tenth training image is kept for validation; rank r learns from every M-th of the
 * others, and no two ranks from the same.
 */
public final class ImageProblem implements Problem {
    private static final int VALIDATION_SHARE = 10;
    /** Images looked at in one go when scoring. */
    private static final int SCORE_BATCH = 64;

    private final Model model;
    private final ImageSet set;
    private final Images train;
    private final Images validation;
    private final Images test;
    private final String settings;

    /**
     * A problem over a set of images.
     *
     * @param model     to train.
     * @param set       to train on.
     * @param scoredMax most images that validation and test look at.
     */
    public ImageProblem(final Model model, final ImageSet set, final int scoredMax) {
        this.model = model;
        this.set = set;
        final int all = set.train().count();
        final int[] kept = new int[(all + VALIDATION_SHARE - 1) / VALIDATION_SHARE];
        final int[] learnt = new int[all - kept.length];
        for (int i = 0; i < all; i++) {
            if (i % VALIDATION_SHARE == 0) {
                kept[i / VALIDATION_SHARE] = i;
            } else {
                learnt[i - i / VALIDATION_SHARE - 1] = i;
            }
        }
        train = set.train().select(learnt);
        validation = first(set.train().select(kept), scoredMax);
        test = first(set.test(), scoredMax);
        settings = String.format(
                Locale.ROOT,
                "%s on %s %08x, %d train, %d validation, %d test",
                model.settings(),
                set.name(),
                set.fingerprint(),
                train.count(),
                validation.count(),
                test.count());
    }

    @Override
    public String settings() {
        return settings;
    }

    @Override
    public String description() {
        return String.format(Locale.ROOT, "%s; %s; of these %,d to learn from", model.settings(), set, train.count())
                + (test.count() > 1
                        ? String.format(
                                Locale.ROOT, ", %,d for validation, %,d for test", validation.count(), test.count())
                        : "");
    }

    @Override
    public Measure measure() {
        return Measure.ACCURACY;
    }

    @Override
    public long trainCount() {
        return train.count();
    }

    @Override
    public Learner learner(final int rank, final int ranks, final int batch, final long seed) {
        return new ImageLearner(rank, ranks, batch, seed);
    }

    private static Images first(final Images images, final int most) {
        return images.count() <= most ? images : images.select(SampleOrder.inOrder(most));
    }

    private final class ImageLearner extends NetworkLearner {
        private final int rank;
        private final int ranks;
        private final int batchSize;
        private final Batch batch;
        private final Passes passes;
        private final int[] drawn;

        ImageLearner(final int rank, final int ranks, final int batchSize, final long seed) {
            super(model.maker().network(set, Math.max(batchSize, SCORE_BATCH)));
            this.rank = rank;
            this.ranks = ranks;
            this.batchSize = batchSize;
            final int capacity = Math.max(batchSize, SCORE_BATCH);
            batch = new Batch(train.pixelCount(), capacity);
            passes = new Passes(
                    (train.count() - rank + ranks - 1) / ranks, train.count() / ranks, batchSize, seed, rank);
            drawn = new int[capacity];
        }

        @Override
        public double learn(final int step) {
            final int end = passes.end(step);
            for (int i = 0; i < batchSize; i++) {
                drawn[i] = rank + passes.indices()[end - batchSize + i] * ranks;
            }
            return network.train(batch.fill(train, drawn, 0, batchSize));
        }

        @Override
        public Score score(final Split split) {
            final Images images = split == Split.VALIDATION ? validation : test;
            Score score = Score.NONE;
            int count = 0;
            for (int image = rank; image < images.count(); image += ranks) {
                drawn[count++] = image;
                if (count == SCORE_BATCH || image + ranks >= images.count()) {
                    score = score.plus(network.score(batch.fill(images, drawn, 0, count)));
                    count = 0;
                }
            }
            return score;
        }
    }
}
