package io.signvote.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the tables of results from jmh/results, newest first, and compares them with the page that is there. */
class ResultsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", ".."));
    private static final Path PAGE = ROOT.resolve("jmh/README.md");
    private static final Path RESULTS = ROOT.resolve("jmh/results");
    private static final String MARK = "<!-- ci/write-pages writes the rest of this page from jmh/results -->\n";
    private static final Set<String> KEYS =
            Set.of("title", "date", "commit", "machine", "command", "notes", "columns", "rows");

    @Test
    void shouldBeThePageThatTheResultsGive() throws IOException {
        final String page = Files.readString(PAGE);
        assertTrue(page.contains(MARK), PAGE + " lacks the line " + MARK);
        final String expected = page.substring(0, page.indexOf(MARK) + MARK.length()) + tables();

        if (Boolean.getBoolean("signvote.write.pages")) {
            Files.writeString(PAGE, expected);
        }

        assertEquals(expected, Files.readString(PAGE), PAGE + " is stale, run ci/write-pages");
    }

    /** README quotes some of the results. */
    @Test
    void shouldQuoteInReadmeOnlyRoundedValuesOfTheResults() throws IOException {
        final String readme = Files.readString(ROOT.resolve("README.md"));
        final Map<String, String> quotes = Map.of(
                "407 ms", "407.4",
                "12,730 ms", "12729.7",
                "53 ms", "53.1",
                "1,263 ms", "1263.3",
                "1.016 bytes", "1.0160",
                "4.4 ms", "4406",
                "23.2 ms", "23243",
                "89.6 %", "89.6",
                "88.7 %", "88.7",
                "1/31 of the bytes", "31.2 times fewer");
        final Set<String> values = results()
                .flatMap(result -> rows(result).stream())
                .flatMap(List::stream)
                .collect(Collectors.toSet());

        quotes.forEach((quote, value) -> {
            assertTrue(readme.contains(quote), "README.md lacks " + quote);
            assertTrue(values.contains(value), "no result is " + value);
        });
    }

    private static String tables() throws IOException {
        final List<Map<String, Object>> results = results().toList();
        assertFalse(results.isEmpty(), "no results in " + RESULTS);
        return results.stream().map(ResultsPageTest::table).collect(Collectors.joining());
    }

    private static String table(final Map<String, Object> result) {
        final StringBuilder table = new StringBuilder();
        table.append("\n### ")
                .append(result.get("title"))
                .append(", ")
                .append(result.get("date"))
                .append("\n\n");
        table.append("* Command: `").append(result.get("command")).append("`\n");
        table.append("* Commit: ").append(result.get("commit")).append("\n");
        table.append("* Machine: ").append(result.get("machine")).append("\n");
        texts(result.get("notes"))
                .forEach(note -> table.append("* ").append(note).append('\n'));
        final List<String> columns = texts(result.get("columns"));
        table.append('\n')
                .append(line(columns))
                .append("|---".repeat(columns.size()))
                .append("|\n");
        rows(result).forEach(row -> {
            assertEquals(columns.size(), row.size(), result.get("title") + ": " + row);
            table.append(line(row));
        });
        return table.toString();
    }

    private static String line(final List<String> cells) {
        return cells.stream()
                .map(cell -> cell.isEmpty() ? " |" : " " + cell + " |")
                .collect(Collectors.joining("", "|", "\n"));
    }

    /** Newest first; of one day by name. */
    private static Stream<Map<String, Object>> results() throws IOException {
        try (Stream<Path> files = Files.list(RESULTS)) {
            return files
                    .sorted(Comparator.comparing(ResultsPageTest::date)
                            .reversed()
                            .thenComparing(file -> file.getFileName().toString()))
                    .map(ResultsPageTest::read)
                    .toList()
                    .stream();
        }
    }

    private static String date(final Path file) {
        return file.getFileName().toString().substring(0, "2026-11-23".length());
    }

    @SuppressWarnings("unchecked") // a JSON object has texts as names
    private static Map<String, Object> read(final Path file) {
        final Map<String, Object> result;
        try {
            result = (Map<String, Object>) Json.read(Files.readString(file));
        } catch (final IOException | IllegalArgumentException e) {
            throw new AssertionError(file + " cannot be read: " + e.getMessage(), e);
        }
        assertEquals(KEYS, result.keySet(), file.toString());
        assertEquals(date(file), result.get("date"), file + ": the name begins with the date");
        return result;
    }

    private static List<List<String>> rows(final Map<String, Object> result) {
        return ((List<?>) result.get("rows"))
                .stream().map(ResultsPageTest::texts).toList();
    }

    private static List<String> texts(final Object array) {
        return ((List<?>) array).stream().map(String::valueOf).toList();
    }
}
