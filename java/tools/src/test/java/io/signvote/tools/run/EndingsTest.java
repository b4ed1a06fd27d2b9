package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.rendezvous.Coordinator.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingsTest {
    /** One process ends with a code before the last job began, at 100, and another one after that. */
    @ParameterizedTest
    @CsvSource({
        "OVER,    0,   0, 0",
        "OVER,    137, 0, 0",
        "OVER,    0,   3, 3",
        "OVER,    137, 3, 137",
        "FAILED,  137, 0, 137",
        "FAILED,  137, 1, 137",
        "FAILED,  0,   5, 5",
        "FAILED,  0,   0, 1",
        "JOINING, 137, 1, 137",
        "JOINING, 0,   0, 1",
        "RUNNING, 0,   0, 1",
        "NONE,    0,   0, 0",
        "NONE,    7,   8, 7",
    })
    void shouldJudgeByTheLastJob(final Progress progress, final int before, final int after, final int expected) {
        final Endings endings = new Endings();
        endings.add(before, 99);
        endings.add(after, 101);

        assertEquals(expected, endings.code(progress, 100));
    }

    @Test
    void shouldReturnTheFirstOfMany() {
        final Endings endings = new Endings();
        endings.add(0, 1);
        endings.add(42, 2);
        endings.add(43, 3);

        assertEquals(42, endings.code(Progress.FAILED, 0));
    }
}
