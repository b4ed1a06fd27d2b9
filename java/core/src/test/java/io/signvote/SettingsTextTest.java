package io.signvote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Roster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** What members compare, as a client in another language reads it on the page of the control protocol. */
class SettingsTextTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/rendezvous/settings.csv", useHeadersInDisplayName = true)
    void shouldBeThePublishedText(
            final PlanKind plan,
            final long seed,
            final ZeroPolicy zeros,
            final TiePolicy ties,
            final int credit,
            final String settings) {
        final Context context = new Context()
                .plan(plan)
                .seed(seed)
                .zeroPolicy(zeros)
                .tiePolicy(ties)
                .credit(credit);

        assertEquals(settings, Assembly.comparedSettings(context));
    }

    @Test
    void shouldStandOnThePage() throws IOException {
        final String usual = Assembly.comparedSettings(new Context());
        try (InputStream file = Roster.class.getResourceAsStream("README.md")) {
            final String page = new String(file.readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(page.lines().anyMatch(usual::equals), () -> "no line of the page is " + usual);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1"})
    void shouldTakeOneFinalNewlineOffTheSecret(final int written, final int kept) throws IOException {
        final String secret = "sixteen bytes ok";
        final Path file = Files.writeString(directory.resolve("job.secret"), secret + "\n".repeat(written));

        final byte[] actual = Assembly.secret(new Context().secretFile(file.toString()));

        assertArrayEquals((secret + "\n".repeat(kept)).getBytes(StandardCharsets.UTF_8), actual);
    }
}
