package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Writes the page of options from the list of options, and compares it with the page that is there. */
class OptionsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));
    private static final Path PAGE = ROOT.resolve("java/CONFIGURATION.md");

    private static final String HEAD = """
            <!-- ci/write-pages writes this page from the options in io.signvote.Configuration -->

            # Options

            You can set an option in several ways. SignVote takes the first of these that is set:

            1. the value that the program sets in `Context`,
            2. the system property, for example `-Dsignvote.plan=star`,
            3. the variable of the same name, for example `SIGNVOTE_PLAN=star`; an empty variable counts as not set,
            4. the variable of the [launcher](LAUNCHERS.md), for rank, sizes, address, port and job,
            5. the default.

            A size may have the unit `k`, `m` or `g`, and a duration `ns`, `us`, `ms` or `s`. `connect()` fails with a
            `RendezvousException` if ranks differ in an option that must be equal on all ranks. At the start, rank 0 logs these options,
            the timeout, and every other option that is set. The command `doctor` lists the properties and variables that are set.

            | property | default | values | meaning | variable |
            |---|---|---|---|---|
            """;

    @Test
    void shouldBeThePageThatTheCodeGives() throws IOException {
        final String expected = HEAD
                + Configuration.options().stream().map(OptionsPageTest::row).collect(Collectors.joining());

        if (Boolean.getBoolean("signvote.write.pages")) {
            Files.writeString(PAGE, expected);
        }

        assertEquals(expected, Files.readString(PAGE), PAGE + " is stale, run ci/write-pages");
    }

    private static String row(final Option<?> option) {
        final String meaning = option.meaning();
        assertTrue(meaning.endsWith(".") && !meaning.contains("|"), meaning);
        final String usual = option.defaultText().isEmpty() ? "none" : option.defaultText();
        return "| `" + String.join("` | ", option.name(), usual) + " | "
                + String.join(" | ", option.expected(), meaning, option.variable()) + " |\n";
    }
}
