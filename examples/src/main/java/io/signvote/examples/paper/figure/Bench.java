package io.signvote.examples.paper.figure;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Text;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Runner;
import io.signvote.examples.paper.run.Study;
import io.signvote.examples.paper.timing.Testbed;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Models;
import io.signvote.examples.task.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a figure has to work with: scale, seeds, data, and who runs its trials. Used by one thread. */
public final class Bench {
    private static final int SEEDS_QUICK = 2;
    private static final int SEEDS = 5;
    private static final int SCORED_QUICK = 1000;
    private static final int SCORED = 5000;

    private final Scale scale;
    private final long seed;
    private final Integer ranks;
    private final Runner runner;
    private final Sources sources;
    private ImageSet images;
    private Problem imageProblem;
    private Text text;
    private String model;
    private Testbed testbed = new Testbed(null);

    /**
     * Where data is looked for.
     *
     * @param data    directory with Fashion-MNIST or CIFAR-10, or null.
     * @param text    file, or null.
     * @param shipped directory of the small sets that come with the repository.
     */
    public record Sources(Path data, Path text, Path shipped) {}

    /**
     * A bench.
     *
     * @param scale   how much is run.
     * @param seed    first of those that count; the search for rates takes the one before.
     * @param ranks   instead of a figure's own number, or null.
     * @param runner  of trials.
     * @param sources of data.
     */
    public Bench(final Scale scale, final long seed, final Integer ranks, final Runner runner, final Sources sources) {
        this.scale = scale;
        this.seed = seed;
        this.ranks = ranks;
        this.runner = runner;
        this.sources = sources;
    }

    /**
     * Gives it hosts for figures that measure time.
     *
     * @param hosts to measure on.
     * @return this.
     */
    public Bench testbed(final Testbed hosts) {
        testbed = hosts;
        return this;
    }

    /**
     * Names what figures with images train.
     *
     * @param name of a model; null for the one of the scale.
     * @return this.
     */
    public Bench model(final String name) {
        model = name;
        return this;
    }

    Testbed testbed() {
        return testbed;
    }

    Scale scale() {
        return scale;
    }

    long seed() {
        return seed;
    }

    int seeds() {
        return scale.of(SEEDS_QUICK, SEEDS, SEEDS);
    }

    /** Ranks as asked for, else as the figure has it. */
    int ranks(final int own) {
        return ranks == null ? own : ranks;
    }

    Runner runner() {
        return runner;
    }

    ImageSet images() throws IOException {
        if (images == null) {
            images = ImageSet.read(sources.data(), sources.shipped());
        }
        return images;
    }

    Text text() throws IOException {
        if (text == null) {
            text = Text.read(
                    sources.text() != null
                            ? sources.text()
                            : sources.shipped().resolve("text").resolve("pride-and-prejudice.txt.gz"));
        }
        return text;
    }

    /** What figures with images train: a perceptron, with {@code --full} a convolutional network, or what was named. */
    Problem imageProblem() throws IOException {
        if (imageProblem == null) {
            imageProblem = new ImageProblem(
                    Models.find(model, scale == Scale.FULL),
                    images(),
                    scale.of(SCORED_QUICK, SCORED, Integer.MAX_VALUE));
        }
        return imageProblem;
    }

    Map<String, Outcome> study(final String title, final List<Contender> contenders)
            throws IOException, InterruptedException {
        return new Study(title, seed, seeds()).run(runner, contenders);
    }
}
