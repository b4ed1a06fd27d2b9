package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.optim.Progress.Phase;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final Progress progress = new Progress();

    @Test
    void shouldKeepTheVerdictOfTheStepThatWasCompletedLast() {
        step();
        step();
        assertEquals(2, progress.verdictStep());

        progress.begin(new Rates());
        progress.pend();
        assertEquals(2, progress.verdictStep());
        assertEquals(2, progress.completed());

        progress.use();
        progress.complete();
        assertEquals(3, progress.verdictStep());
    }

    /** The memory then holds words of two verdicts. */
    @Test
    void shouldKeepNoVerdictWhileOneIsOverwritten() {
        step();

        progress.begin(new Rates());
        progress.use();

        assertEquals(Progress.NO_VERDICT, progress.verdictStep());
        assertEquals(1, progress.completed());
        assertEquals(Phase.USING, progress.phase());
    }

    private void step() {
        progress.begin(new Rates());
        progress.use();
        progress.complete();
    }
}
