package io.signvote.examples.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KrumTest {
    /** On a line: 0, 1, 3, 10 and 11. n = 5, f = 1: each looks at its n - f - 2 = 2 nearest. */
    private static final double[] PLACES = {0, 1, 3, 10, 11};

    @Test
    void shouldScoreByTheNearestOthers() {
        final Krum krum = new Krum(5, 1, 1);
        final double[][] distances = distances(PLACES);

        assertEquals(1 + 9, krum.score(0, distances[0]));
        assertEquals(1 + 4, krum.score(1, distances[1]));
        assertEquals(4 + 9, krum.score(2, distances[2]));
        assertEquals(1 + 49, krum.score(3, distances[3]));
        assertEquals(1 + 64, krum.score(4, distances[4]));
    }

    @Test
    void shouldChooseTheLeastScores() {
        assertArrayEquals(new int[] {1}, new Krum(5, 1, 1).choose(distances(PLACES)));
        assertArrayEquals(new int[] {0, 1}, new Krum(5, 1, 2).choose(distances(PLACES)));
        assertArrayEquals(new int[] {0, 1, 2, 3}, new Krum(5, 1, 4).choose(distances(PLACES)));
    }

    @Test
    void shouldTakeTheSmallerRankOfEqualScores() {
        assertArrayEquals(new int[] {0}, new Krum(5, 1, 1).choose(distances(7, 7, 7, 7, 7)));
        assertArrayEquals(new int[] {1}, new Krum(5, 1, 1).choose(distances(7, 2, 2, 2, 7)));
    }

    @Test
    void shouldNeverChooseWhatIsNotANumberWhileOthersAreThere() {
        final double[][] distances = distances(PLACES);
        for (int rank = 0; rank < 5; rank++) {
            distances[rank][0] = distances[0][rank] = Double.NaN;
        }

        assertArrayEquals(new int[] {1, 2, 3, 4}, new Krum(5, 1, 4).choose(distances));
    }

    @ParameterizedTest
    @CsvSource({"6, 2", "4, 1", "2, 0", "5, -1"})
    void shouldRefuseTooFewRanks(final int ranks, final int liars) {
        final Exception error = assertThrows(IllegalArgumentException.class, () -> new Krum(ranks, liars, 1));

        assertTrue(error.getMessage().contains("= 2 f + 3"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"7, 2, 0", "7, 2, 6"})
    void shouldRefuseToChooseNoneOrTheLiarsToo(final int ranks, final int liars, final int chosen) {
        final Exception error = assertThrows(IllegalArgumentException.class, () -> new Krum(ranks, liars, chosen));

        assertTrue(error.getMessage().contains("expected 1 to n - f = 5"), error.getMessage());
    }

    private static double[][] distances(final double... places) {
        final double[][] distances = new double[places.length][places.length];
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < places.length; j++) {
                distances[i][j] = (places[i] - places[j]) * (places[i] - places[j]);
            }
        }
        return distances;
    }
}
