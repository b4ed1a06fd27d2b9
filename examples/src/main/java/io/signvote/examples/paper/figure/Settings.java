package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.TrialSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of all that was chosen for a figure: names and values. */
final class Settings {
    private final FigureContext context;
    private final Prose prose;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean hasSeeds = true;
    private boolean hasSearch;

    Settings(final FigureContext context, final Prose prose) {
        this.context = context;
        this.prose = prose;
    }

    /** Omits the seeds: no result depends on one. */
    Settings withoutSeeds() {
        hasSeeds = false;
        return this;
    }

    Settings add(final String name, final Object value) {
        rows.add(List.of(name, String.valueOf(value)));
        return this;
    }

    /** Adds a setting in the words of the figure's prose. */
    Settings addText(final String name, final Object... values) {
        return add(name, prose.setting(name, values));
    }

    /** Adds the paper's settings of the same figures. "Not given" means that we do not know them. */
    Settings addPaper() {
        final Map<String, String> paper = prose.paper();
        paper.forEach(
                (figure, settings) -> add(paper.size() == 1 ? "the paper's" : "the paper's, " + figure, settings));
        return this;
    }

    /** Adds the settings that all contenders of a figure share. */
    Settings addShared(final TrialSettings base) {
        add("model and data", base.problem().description());
        add("ranks", base.participants().ranks());
        add("batch of a rank", base.batch());
        add("steps", String.format(Locale.ROOT, "%,d", base.steps()));
        if (base.problem().trainCount() > 1) {
            add("passes over the training data", String.format(Locale.ROOT, "%.1f", base.epochs(base.steps())));
        }
        return add("rate over a run", base.schedule().summary());
    }

    /** Adds each method, and the grid of its rates. */
    Settings addMethods(final Collection<Contender> contenders) {
        hasSearch |= contenders.stream()
                .anyMatch(contender -> contender.search().rates().size() > 1);
        contenders.stream()
                .collect(Collectors.toMap(
                        contender -> contender.base().method().name(),
                        contender -> contender.base().method().settings() + "; rates "
                                + contender.search().rates(),
                        (a, b) -> a,
                        LinkedHashMap::new))
                .forEach(this::add);
        return this;
    }

    Table table() {
        final List<List<String>> all = new ArrayList<>();
        all.add(List.of("scale", context.scale().name().toLowerCase(Locale.ROOT)));
        if (hasSeeds) {
            all.add(List.of(
                    "seeds",
                    "results on " + context.seed() + " to " + (context.seed() + context.seeds() - 1)
                            + (hasSearch
                                    ? "; rates searched with " + (context.seed() - 1) + " on the validation split"
                                    : "")));
            all.add(List.of("bands", "from the least to the greatest of the seeds; a line is their mean"));
        }
        all.addAll(rows);
        return new Table("settings", List.of("setting", "value"), all);
    }
}
