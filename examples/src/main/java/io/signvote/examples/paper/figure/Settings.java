package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of everything that was chosen for a figure. */
final class Settings {
    private final Bench bench;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean hasSeeds = true;
    private boolean hasSearch;

    Settings(final Bench bench) {
        this.bench = bench;
    }

    /** For what does not depend on a seed. */
    Settings withoutSeeds() {
        hasSeeds = false;
        return this;
    }

    Settings add(final String name, final Object value) {
        rows.add(List.of(name, String.valueOf(value)));
        return this;
    }

    /** What the paper has for the same figures; "not given" says no more than that we do not know it. */
    Settings addPaper(final Original... originals) {
        for (final Original original : originals) {
            add(originals.length == 1 ? "the paper's" : "the paper's, figure " + original.figure(), original);
        }
        return this;
    }

    /** What all contenders of a figure share. */
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

    /** What each method is, and the grid its rate is from. */
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
        all.add(List.of("scale", bench.scale().name().toLowerCase(Locale.ROOT)));
        if (hasSeeds) {
            all.add(List.of(
                    "seeds",
                    "results on " + bench.seed() + " to " + (bench.seed() + bench.seeds() - 1)
                            + (hasSearch
                                    ? "; rates searched with " + (bench.seed() - 1) + " on the validation split"
                                    : "")));
            all.add(List.of("bands", "from the least to the greatest of the seeds; a line is their mean"));
        }
        all.addAll(rows);
        return new Table("settings", List.of("setting", "value"), all);
    }
}
