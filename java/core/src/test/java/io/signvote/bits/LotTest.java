package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class LotTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/lots.csv", useHeadersInDisplayName = true)
    void shouldDrawPublishedLots(
            final String seed,
            final String communicator,
            final String step,
            final String identity,
            final String word,
            final String key,
            final String lots) {
        assertEquals(parse(key), Lot.key(parse(seed), parse(communicator), parse(step), parse(identity)));
        assertEquals(parse(lots), Lot.lots(parse(key), parse(word)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE, 0x9E3779B97F4A7C15L})
    void shouldDrawAsTheJdksSplittableRandom(final long key) {
        final SplittableRandom random = new SplittableRandom(key);

        for (long word = 0; word < 1000; word++) {
            assertEquals(random.nextLong(), Lot.lots(key, word));
        }
    }

    @Test
    void shouldDrawTheSplitMix64SequenceOfSeed1234567() {
        assertEquals(6457827717110365317L, Lot.lots(1234567, 0));
        assertEquals(3203168211198807973L, Lot.lots(1234567, 1));
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), Lot.lots(1234567, 2));
        assertEquals(4593380528125082431L, Lot.lots(1234567, 3));
        assertEquals(Long.parseUnsignedLong("16408922859458223821"), Lot.lots(1234567, 4));
    }

    @Test
    void shouldMixEveryPartOfTheKeyByTheJdksFinalizer() {
        final long expected = jdkMix(jdkMix(jdkMix(jdkMix(11) + 22) + 33) + Lot.NOBODY);

        assertEquals(expected, Lot.key(11, 22, 33, Lot.NOBODY));
    }

    @Test
    void shouldBeFairInEveryLane() {
        final int words = 20_000;
        final int[] negatives = new int[Words.LANES];
        for (int word = 0; word < words; word++) {
            final long lots = Lot.lots(Lot.key(1, 2, 3, 4), word);
            for (int lane = 0; lane < Words.LANES; lane++) {
                negatives[lane] += (int) (lots >>> lane & 1);
            }
        }

        for (final int count : negatives) {
            // six standard deviations of a fair coin
            assertEquals(words / 2.0, count, 6 * Math.sqrt(words) / 2);
        }
    }

    private static long jdkMix(final long value) {
        return new SplittableRandom(value - Lot.GOLDEN).nextLong();
    }

    private static long parse(final String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }
}
