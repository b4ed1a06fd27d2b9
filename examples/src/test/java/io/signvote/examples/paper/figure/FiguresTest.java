package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "rates"})
    void shouldFindWhatThePaperShows(final String name) {
        assertTrue(Figures.find(name).orElseThrow().names().contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "12", "01", "x", "figure-1"})
    void shouldFindNothingElse(final String name) {
        assertTrue(Figures.find(name).isEmpty());
    }

    @Test
    void shouldFindEachByAllOfItsNames() {
        for (final Figure figure : Figures.all()) {
            figure.names().forEach(name -> assertSame(figure, Figures.find(name).orElseThrow()));
        }
    }

    @Test
    void shouldGiveEachAFileOfItsOwn() {
        final List<String> ids = Figures.all().stream().map(Figure::id).toList();

        assertEquals(ids.size(), ids.stream().distinct().count());
        assertTrue(ids.containsAll(List.of("figure-1", "figure-2-3", "figure-7-10", "rates")), ids.toString());
    }

    @Test
    void shouldScale() {
        assertEquals(
                List.of(1, 2, 3),
                Stream.of(Scale.values()).map(scale -> scale.of(1, 2, 3)).toList());
    }
}
