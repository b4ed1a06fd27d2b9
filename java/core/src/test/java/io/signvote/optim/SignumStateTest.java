package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.error.ConfigurationException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The saved form of an optimiser. */
class SignumStateTest {
    private static final int N = 20_001;
    private static final int LENGTH = 24 + 4 * N + 4;

    private Training training;

    @BeforeEach
    void step() throws Exception {
        training = new Training(2, N, ZeroPolicy.RANDOM, TiePolicy.RANDOM);
        training.step(training.gradients(0), PaperSignum.Rates.of(0));
        training.step(training.gradients(1), PaperSignum.Rates.of(1));
    }

    @AfterEach
    void close() {
        training.close();
    }

    @Test
    void shouldGoOnFromASavedStateAsIfNothingHadHappened() throws Exception {
        for (int rank = 0; rank < 2; rank++) {
            final byte[] saved = training.saved(rank);
            final long zeroCount = training.optimisers[rank].zeroCount();
            training.optimisers[rank].close();
            training.optimisers[rank] = new Signum(training.communicator(rank), N);
            training.optimisers[rank].restore(new ByteArrayInputStream(saved));
            training.paper.zeroCounts[rank] -= zeroCount;

            assertEquals(LENGTH, saved.length);
            assertEquals(2, training.optimisers[rank].steps());
            assertArrayEquals(saved, training.saved(rank));
        }
        training.check();
        for (int step = 2; step < 5; step++) {
            training.step(training.gradients(step), PaperSignum.Rates.of(step));
        }
    }

    @Test
    void shouldReadNoFurtherThanItsOwnEnd() throws Exception {
        final byte[] saved = training.saved(0);
        final ByteArrayInputStream source = new ByteArrayInputStream(Arrays.copyOf(saved, saved.length + 7));

        training.optimisers[0].restore(source);

        assertEquals(7, source.available());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 24, 25, 65_536, LENGTH - 5, LENGTH - 1})
    void shouldRefuseAStateThatIsCutShort(final int length) throws Exception {
        final byte[] saved = training.saved(0);

        refuse(EOFException.class, "saved Signum state is cut short", Arrays.copyOf(saved, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 23, 24, 40_000, LENGTH - 5, LENGTH - 4, LENGTH - 1})
    void shouldRefuseAStateInWhichABitIsWrong(final int position) throws Exception {
        final byte[] saved = training.saved(0);
        saved[position] ^= 0x10;

        refuse(IOException.class, "saved Signum state is broken: its checksum does not match", saved);
    }

    @Test
    void shouldRefuseWhatIsNoStateAndAStateOfAnotherCount() throws Exception {
        final byte[] other = training.saved(0);
        other[0] = 's';
        refuse(IOException.class, "not a saved Signum state: it does not begin with SIGNUM01", other);

        try (Signum larger = new Signum(training.communicator(0), N + 1)) {
            final String message = assertThrows(
                            ConfigurationException.class,
                            () -> larger.restore(new ByteArrayInputStream(training.saved(0))))
                    .getMessage();
            assertMessage(message, "saved state has count=20001, this optimiser count=20002");
        }
    }

    private void refuse(final Class<? extends IOException> type, final String fact, final byte[] state)
            throws Exception {
        training.step(training.gradients(2), PaperSignum.Rates.of(2));
        final byte[] before = training.saved(0);

        final IOException error =
                assertThrows(type, () -> training.optimisers[0].restore(new ByteArrayInputStream(state)));

        assertMessage(error, fact);
        assertArrayEquals(before, training.saved(0));
        training.step(training.gradients(3), PaperSignum.Rates.of(3));
    }
}
