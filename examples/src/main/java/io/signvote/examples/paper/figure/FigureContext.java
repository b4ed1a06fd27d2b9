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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a figure needs: scale, seeds, data, hosts and the runner of its trials. Used by one thread. */
public final class FigureContext {
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
     * The places of data.
     *
     * @param data    directory with Fashion-MNIST or CIFAR-10, or null.
     * @param text    file, or null.
     * @param shipped directory of the small sets that come with the repository.
     */
    public record Sources(Path data, Path text, Path shipped) {}

    /**
     * The context of all figures of a run.
     *
     * @param scale   how much is run.
     * @param seed    first of those that count; the search for rates takes the one before.
     * @param ranks   instead of a figure's own number, or null.
     * @param runner  of trials.
     * @param sources of data.
     */
    public FigureContext(
            final Scale scale, final long seed, final Integer ranks, final Runner runner, final Sources sources) {
        this.scale = scale;
        this.seed = seed;
        this.ranks = ranks;
        this.runner = runner;
        this.sources = sources;
    }

    /**
     * Sets the hosts of figures that measure time.
     *
     * @param hosts to measure on.
     * @return this.
     */
    public FigureContext testbed(final Testbed hosts) {
        testbed = hosts;
        return this;
    }

    /**
     * Sets the model that figures with images train.
     *
     * @param name of a model; null for the one of the scale.
     * @return this.
     */
    public FigureContext model(final String name) {
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

    /** The ranks of {@code --ranks}, else the figure's own number. */
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

    /** The problem of figures with images: a perceptron, with {@code --full} a convolutional network, or the named model. */
    Problem imageProblem() throws IOException {
        if (imageProblem == null) {
            imageProblem = new ImageProblem(
                    Models.find(model, scale == Scale.FULL),
                    images(),
                    scale.of(SCORED_QUICK, SCORED, Integer.MAX_VALUE));
        }
        return imageProblem;
    }

    /**
     * Runs contenders.
     *
     * @param title for the progress.
     * @param contenders  with labels of their own.
     * @return the outcome of each, in their order.
     */
    Map<Contender, Outcome> study(final String title, final Collection<Contender> contenders)
            throws IOException, InterruptedException {
        final Map<String, Outcome> byLabel = new Study(title, seed, seeds()).run(runner, List.copyOf(contenders));
        final Map<Contender, Outcome> outcomes = new LinkedHashMap<>();
        contenders.forEach(contender -> outcomes.put(contender, byLabel.get(contender.label())));
        return outcomes;
    }

    /**
     * Runs the contender of each line of a figure.
     *
     * @param title for the progress.
     * @param contenders  by their line.
     * @param <K>   kind of line.
     * @return the outcome of each line, in their order.
     */
    <K> Map<K, Outcome> study(final String title, final Map<K, Contender> contenders)
            throws IOException, InterruptedException {
        final Map<Contender, Outcome> byContender = study(title, contenders.values());
        final Map<K, Outcome> outcomes = new LinkedHashMap<>();
        contenders.forEach((line, contender) -> outcomes.put(line, byContender.get(contender)));
        return outcomes;
    }
}
