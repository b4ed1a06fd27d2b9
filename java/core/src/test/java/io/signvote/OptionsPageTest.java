package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.jni.NativeKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Writes the page of options from the constants of the library and their javadoc, and compares it with the page that is there. */
class OptionsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));
    private static final Path PAGE = ROOT.resolve("java/CONFIGURATION.md");
    private static final List<Path> SOURCES = List.of(
            Path.of("java/core/src/main/java/io/signvote/Configuration.java"),
            Path.of("java/core/src/main/java/io/signvote/kernel/jni/NativeKernels.java"));

    private static final Pattern OPTION = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public static final String (\\w+)_PROP_NAME = \"([^\"]*)\";",
            Pattern.DOTALL);
    private static final Pattern DEFAULT = Pattern.compile("public static final \\w+ (\\w+)_DEFAULT = ([^;]*);");
    private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)\\}");
    private static final Pattern LINK = Pattern.compile("\\{@link (\\w+)?#(\\w+)[^}]*\\}");

    private static final String HEAD = """
            <!-- ci/write-pages writes this page from the javadoc of io.signvote.Configuration -->

            # Options

            You can set an option in several ways. SignVote takes the first of these that is set:

            1. the value that the program sets in `Context`,
            2. the system property, for example `-Dsignvote.plan=star`,
            3. the variable of the same name, for example `SIGNVOTE_PLAN=star`; an empty variable counts as not set,
            4. the variable of the [launcher](LAUNCHERS.md), for rank, sizes, address, port and job,
            5. the default.

            A size may have the unit `k`, `m` or `g`, and a duration `ns`, `us`, `ms` or `s`. `connect()` fails with a
            `RendezvousException` if ranks differ in an option that must be equal on all ranks. Rank 0 logs these options at the start.

            | property | default | meaning | variable |
            |---|---|---|---|
            """;

    @Test
    void shouldBeThePageThatTheCodeGives() throws IOException {
        final String expected = page();

        if (Boolean.getBoolean("signvote.write.pages")) {
            Files.writeString(PAGE, expected);
        }

        assertEquals(expected, Files.readString(PAGE), PAGE + " is stale, run ci/write-pages");
    }

    private static String page() throws IOException {
        final StringBuilder page = new StringBuilder(HEAD);
        final List<String> names = new ArrayList<>();
        for (final Path file : SOURCES) {
            final String source = Files.readString(ROOT.resolve(file));
            final Map<String, String> defaults = DEFAULT.matcher(source)
                    .results()
                    .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
            for (final MatchResult option : OPTION.matcher(source).results().toList()) {
                final String name = option.group(3);
                names.add(name);
                page.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(value(defaultOf(name, defaults.get(option.group(2)))))
                        .append(" | ")
                        .append(meaning(name, option.group(1)))
                        .append(" | ")
                        .append(name.equals(NativeKernels.PATH_PROP_NAME) ? "none" : Configuration.variable(name))
                        .append(" |\n");
            }
        }
        assertTrue(names.contains("signvote.plan") && names.contains(NativeKernels.PATH_PROP_NAME), names::toString);
        return page.toString();
    }

    /** Only the path of a native library has no default. */
    private static String defaultOf(final String name, final String literal) {
        assertTrue(literal != null || name.equals(NativeKernels.PATH_PROP_NAME), name + " has no public default");
        return literal == null ? "\"\"" : literal;
    }

    /** {@code "60s"} is 60s, {@code PlanKind.STAR} is star, and nothing is none. */
    private static String value(final String literal) {
        final String value = literal.startsWith("\"")
                ? literal.substring(1, literal.length() - 1)
                : literal.substring(literal.indexOf('.') + 1).toLowerCase(Locale.ROOT);
        return value.isEmpty() ? "none" : value;
    }

    private static String meaning(final String name, final String javadoc) {
        final String text = javadoc.replaceAll("\\s*\\n\\s*\\*?\\s*", " ").strip();
        assertTrue(text.startsWith("Property: "), name + ": the javadoc begins with \"Property: \"");
        final String plain = LINK.matcher(
                        CODE.matcher(text.substring("Property: ".length())).replaceAll("`$1`"))
                .replaceAll(link -> "`" + (link.group(1) == null ? "" : link.group(1) + ".") + link.group(2) + "`");
        assertTrue(plain.endsWith(".") && plain.indexOf('{') < 0 && plain.indexOf('|') < 0, name + ": " + plain);
        return plain;
    }
}
