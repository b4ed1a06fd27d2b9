package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.OffHeap;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Standings and agreements of a retry that another implementation has written. */
class StandingVectorsTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/standings.csv", useHeadersInDisplayName = true)
    void shouldWriteAndReadAsPublished(
            final long count,
            final String layout,
            final long completed,
            final int phase,
            final long verdictStep,
            final String rates,
            final String lastRates,
            final String ofLast,
            final String ofEarlier,
            final String random,
            final String bytes) {
        final Standing standing = new Standing(
                count,
                number(layout),
                completed,
                phase,
                verdictStep,
                rates(rates),
                rates(lastRates),
                number(ofLast),
                number(ofEarlier),
                number(random));
        final byte[] published = HexFormat.of().parseHex(bytes);

        assertEquals(Standing.LENGTH, published.length);
        try (OffHeap memory = new OffHeap(Standing.LENGTH)) {
            final UnsafeBuffer buffer = new UnsafeBuffer(memory.address(), Standing.LENGTH);
            buffer.putBytes(0, published);
            assertEquals(standing, Standing.read(memory.address()));

            buffer.setMemory(0, Standing.LENGTH, (byte) 1);
            standing.write(memory.address());
            buffer.getBytes(0, published);
            assertEquals(bytes, HexFormat.of().formatHex(published));
        }
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/signvote/wire/agreements.csv",
            useHeadersInDisplayName = true,
            maxCharsPerColumn = 8192)
    void shouldNumberAnAgreementAsPublished(final String randoms, final String number) {
        final List<Standing> standings = Arrays.stream(randoms.split(" "))
                .map(random -> new Standing(1, 0, 0, 0, -1, new Rates(), new Rates(), 1, 1, number(random)))
                .toList();

        assertEquals(number(number), Agreement.of(standings).number());
    }

    private static long number(final String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, 16);
    }

    private static Rates rates(final String text) {
        final String[] rates = text.split(" ");
        return Rates.of(Float.parseFloat(rates[0]), Float.parseFloat(rates[1]), Float.parseFloat(rates[2]));
    }
}
