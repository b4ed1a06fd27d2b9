package io.signvote.examples.qsgd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EliasTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "2, 100",
        "3, 110",
        "4, 101000",
        "7, 101110",
        "8, 1110000",
        "15, 1111110",
        "16, 10100100000",
        "100, 1011011001000",
        "1000, 11100111111010000"
    })
    void shouldWriteTheCodeThatEliasGives(final int number, final String expected) {
        final BitWriter writer = new BitWriter();

        Elias.write(writer, number);

        final StringBuilder written = new StringBuilder();
        final BitReader reader = new BitReader(writer.words());
        for (long i = 0; i < writer.bits(); i++) {
            written.append(reader.read(1));
        }
        assertEquals(expected, written.toString());
    }

    @Test
    void shouldReadWhatItWroteAcrossWords() {
        final BitWriter writer = new BitWriter();
        final SplittableRandom random = new SplittableRandom(7);
        final int[] numbers = new int[5000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 1 + (random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31));
            Elias.write(writer, numbers[i]);
        }

        final BitReader reader = new BitReader(writer.words());
        for (final int number : numbers) {
            assertEquals(number, Elias.read(reader));
        }
    }

    @Test
    void shouldCarryTheLargestInt() {
        final BitWriter writer = new BitWriter();
        Elias.write(writer, Integer.MAX_VALUE);

        assertEquals(Integer.MAX_VALUE, Elias.read(new BitReader(writer.words())));
    }

    @Test
    void shouldRefuseNumbersBelowOne() {
        assertThrows(IllegalArgumentException.class, () -> Elias.write(new BitWriter(), 0));
    }

    @Test
    void shouldRefuseNonsenseInsteadOfReadingOn() {
        assertThrows(IllegalStateException.class, () -> Elias.read(new BitReader(new long[] {-1, -1, -1})));
        assertThrows(IllegalStateException.class, () -> Elias.read(new BitReader(new long[0])));
    }

    @Test
    void shouldForgetWhenCleared() {
        final BitWriter writer = new BitWriter();
        writer.write(-1L >>> 1, 63);
        writer.write(-1L >>> 1, 63);
        writer.clear().write(0, 63);

        assertEquals(63, writer.bits());
        assertEquals(0, new BitReader(writer.words()).read(63));
    }
}
