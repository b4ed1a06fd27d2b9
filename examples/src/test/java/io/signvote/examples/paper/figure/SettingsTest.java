package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.Text;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.TextProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Path SHIPPED = Path.of(System.getProperty("signvote.root"), "examples", "data");

    @TempDir
    private Path directory;

    @Test
    void shouldTellOfASearchOnlyWhereThereIsOne() {
        final TrialSettings base =
                MadeUpOutcomes.accuracies("a", 8, 1, 1).contender().base();
        final Contender fixed = new Contender("fixed", base, new Search(base, List.of(1f)));
        final Contender searched = new Contender("searched", base, new Search(base, List.of(1f, 2f)));

        assertFalse(new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE)
                .addMethods(List.of(fixed))
                .table()
                .toString()
                .contains("searched with"));
        assertTrue(new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE)
                .addMethods(List.of(fixed, searched))
                .table()
                .toString()
                .contains("results on 1 to 2; rates searched with 0 on the validation split"));
        assertFalse(new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE)
                .withoutSeeds()
                .table()
                .toString()
                .contains("seed"));
    }

    @Test
    void shouldTellNoPathOfThisMachine() throws Exception {
        final Path mine = Files.createDirectories(directory.resolve("mine"));
        for (final String part :
                List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")) {
            final String name = part + "-ubyte.gz";
            Files.copy(SHIPPED.resolve(name), mine.resolve(name));
        }
        final Path text = directory.resolve("text.txt");
        Files.writeString(text, "to be or not ".repeat(2000));

        final FigureContext context =
                new FigureContext(Scale.QUICK, 1, null, null, new FigureContext.Sources(mine, text, SHIPPED));

        final String told = context.imageProblem().description()
                + LanguageModel.problem(context).description();
        assertFalse(told.contains(directory.toString()), told);
        assertTrue(told.contains("the directory that --data gives, fingerprint "), told);
        assertTrue(told.contains("text.txt, 26,000 characters of 7 kinds, fingerprint "), told);
    }

    @Test
    void shouldNotCountSplitsThatNothingIsScoredOn() throws Exception {
        final FigureContext context =
                new FigureContext(Scale.QUICK, 1, null, null, new FigureContext.Sources(SHIPPED, null, SHIPPED));

        final String images = new ImageProblem(Model.perceptron(64), context.images(), 1).description();
        final String text = new TextProblem(context.text(), 16, 32, 64, 64).description();

        assertFalse(images.contains("validation"), images);
        assertFalse(text.contains("validation"), text);
    }

    @Test
    void shouldNotDependOnTheLanguageOfTheMachine() throws Exception {
        final Text text = Text.of("a text", "to be or not ".repeat(2000));
        final Locale before = Locale.getDefault();
        final String here = told(text);
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(here, told(text));
        } finally {
            Locale.setDefault(before);
        }
        assertTrue(here.contains("26,000"), here);
    }

    private static String told(final Text text) {
        final TextProblem problem = new TextProblem(text, 16, 32, 64, 4000);
        return text
                + problem.description()
                + problem.settings()
                + new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE)
                        .addShared(MadeUpOutcomes.accuracies("a", 8, 1, 1)
                                .contender()
                                .base())
                        .table();
    }
}
