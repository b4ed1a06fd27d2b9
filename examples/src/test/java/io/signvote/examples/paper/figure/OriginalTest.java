package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OriginalTest {
    @ParameterizedTest
    @EnumSource
    void shouldSayWhatIsGivenAndWhatIsNot(final Original original) {
        assertEquals(
                List.of("model", "data", "workers", "batch", "epochs", "rate", "weight decay"),
                Arrays.stream(original.toString().split("; (?=[a-z ]+: )"))
                        .map(part -> part.substring(0, part.indexOf(": ")))
                        .toList());
    }

    @Test
    void shouldKnowAllFiguresButTheToy() {
        assertEquals(
                List.of("2", "3", "4", "5", "6", "7", "10", "8", "9", "11"),
                Arrays.stream(Original.values())
                        .flatMap(original -> Arrays.stream(original.figure().split(" and ")))
                        .toList());
        assertTrue(Original.FIGURES_7_AND_10.toString().contains("; epochs: not given; rate: Signum 1e-4, QSGD 0.1; "));
    }

    @Test
    void shouldStandInTheSettings() {
        assertEquals(
                List.of("the paper's"),
                names(new Settings(MadeUp.BENCH).withoutSeeds().addPaper(Original.FIGURE_8)));
        assertEquals(
                List.of("the paper's, figure 2", "the paper's, figure 3"),
                names(new Settings(MadeUp.BENCH).withoutSeeds().addPaper(Original.FIGURE_2, Original.FIGURE_3)));
    }

    private static List<String> names(final Settings settings) {
        return settings.table().rows().stream()
                .map(row -> row.get(0))
                .filter(name -> !name.equals("scale"))
                .collect(Collectors.toList());
    }
}
