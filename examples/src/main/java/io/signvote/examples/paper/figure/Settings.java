package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Arm;
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
    private final List<List<String>> rows = new ArrayList<>();

    Settings(final Bench bench) {
        add("scale", bench.scale().name().toLowerCase(Locale.ROOT));
        add("seeds", bench.seedsText());
    }

    Settings add(final String name, final Object value) {
        rows.add(List.of(name, String.valueOf(value)));
        return this;
    }

    /** What all arms of a figure share. */
    Settings addShared(final TrialSettings base) {
        add("model and data", base.problem().description());
        add("ranks", base.crew().ranks());
        add("batch of a rank", base.batch());
        add("steps", String.format("%,d", base.steps()));
        if (base.problem().trainCount() > 1) {
            add("passes over the training data", String.format(Locale.ROOT, "%.1f", base.epochs(base.steps())));
        }
        return add("rate over a run", base.schedule().summary());
    }

    /** What each method is, and the grid its rate is from. */
    Settings addMethods(final Collection<Arm> arms) {
        arms.stream()
                .collect(Collectors.toMap(
                        arm -> arm.base().method().name(),
                        arm -> arm.base().method().settings() + "; rates "
                                + arm.search().rates(),
                        (a, b) -> a,
                        LinkedHashMap::new))
                .forEach(this::add);
        return this;
    }

    Table table() {
        return new Table("settings", List.of("setting", "value"), rows);
    }
}
