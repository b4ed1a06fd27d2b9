package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The words of a figure, from a Markdown file: title, caption, the paper's settings, settings, notes and claims. A name in braces stands
 * for a value that the figure gives. Immutable.
 */
final class Prose {
    private static final String SETTINGS = "Settings";
    private static final String PAPER = "The paper's settings";
    private static final String NOTES = "Notes";
    private static final String CLAIMS = "Claims";
    private static final String CHECK = "Check: ";
    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)}");

    private final String file;
    private final String title;
    /** Paragraphs and list items by both headings above them; the caption has none. */
    private final Map<String, Map<String, List<String>>> sections = new LinkedHashMap<>();

    private Prose(final String file, final List<String> lines) {
        this.file = file;
        title = lines.get(0).substring("# ".length());
        String section = "";
        String heading = "";
        boolean isOpen = false;
        for (final String line : lines.subList(1, lines.size())) {
            if (line.startsWith("#")) {
                final boolean isSection = line.startsWith("## ");
                section = isSection ? line.substring("## ".length()) : section;
                heading = isSection ? "" : line.substring("### ".length());
            } else if (!line.isEmpty()) {
                final List<String> paragraphs = sections.computeIfAbsent(section, any -> new LinkedHashMap<>())
                        .computeIfAbsent(heading, any -> new ArrayList<>());
                final boolean isItem = line.startsWith("- ");
                final String text = (isItem ? line.substring("- ".length()) : line.strip()).replace("`", "");
                if (isOpen && !isItem) {
                    paragraphs.add(paragraphs.remove(paragraphs.size() - 1) + " " + text);
                } else {
                    paragraphs.add(text);
                }
            }
            isOpen = !line.isEmpty() && !line.startsWith("#");
        }
    }

    /**
     * Reads a file.
     *
     * @param name of a figure, or of what several figures share.
     */
    static Prose of(final String name) {
        final String file = name + ".md";
        try (InputStream stream = Prose.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalArgumentException("no " + file + " beside " + Prose.class.getName());
            }
            return of(file, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Prose of(final String file, final String text) {
        return new Prose(file, text.lines().toList());
    }

    String title() {
        return title;
    }

    /** The text below the title; values as for {@link #setting}. */
    String caption(final Object... values) {
        return text("", "", values);
    }

    /**
     * The text of a setting.
     *
     * @param name   of the setting.
     * @param values names and values in turn, one pair for each name in braces.
     */
    String setting(final String name, final Object... values) {
        return text(SETTINGS, name, values);
    }

    /** A note; values as for {@link #setting}. */
    String note(final String name, final Object... values) {
        return text(NOTES, name, values);
    }

    /** The paper's own settings, as far as we know them, by figure of the paper. */
    Map<String, String> paper() {
        final Map<String, String> settings = new LinkedHashMap<>();
        sections.getOrDefault(PAPER, Map.of())
                .forEach((figure, items) -> settings.put(figure, String.join("; ", items)));
        return settings;
    }

    /** The identifiers of all claims, in their order. */
    List<String> claims() {
        return headings().map(heading -> heading.split(": ")[0]).toList();
    }

    /** A claim; values, which only its rule has, as for {@link #setting}. */
    ClaimText claim(final String id, final Object... values) {
        final String heading = headings()
                .filter(each -> each.startsWith(id + ": "))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " has no claim " + id));
        final String kind = heading.substring(id.length() + ": ".length());
        final List<String> paragraphs = sections.get(CLAIMS).get(heading);
        if (paragraphs.size() != 2 || !paragraphs.get(1).startsWith(CHECK)) {
            throw new IllegalArgumentException(file + ": claim " + id + " is no statement with a check: " + paragraphs);
        }
        return new ClaimText(
                id,
                Arrays.stream(Kind.values())
                        .filter(each -> each.toString().equals(kind))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException(file + ": claim " + id + " is of no kind: " + kind)),
                paragraphs.get(0),
                filled(id, paragraphs.get(1).substring(CHECK.length()), values));
    }

    private Stream<String> headings() {
        return sections.getOrDefault(CLAIMS, Map.of()).keySet().stream();
    }

    private String text(final String section, final String heading, final Object... values) {
        final List<String> paragraphs = sections.getOrDefault(section, Map.of()).get(heading);
        if (paragraphs == null) {
            throw new IllegalArgumentException(file + " has no text " + section + ", " + heading);
        }
        return filled(heading, String.join(" ", paragraphs), values);
    }

    private String filled(final String heading, final String text, final Object... values) {
        final Set<String> unused = new HashSet<>();
        final Map<String, Object> byName = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            byName.put((String) values[i], values[i + 1]);
            unused.add((String) values[i]);
        }
        final String filled = VALUE.matcher(text).replaceAll(found -> {
            final Object value = byName.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(file + ": no value of " + found.group() + " in " + heading);
            }
            unused.remove(found.group(1));
            return Matcher.quoteReplacement(String.valueOf(value));
        });
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(file + ": " + heading + " has no place for " + unused);
        }
        return filled;
    }
}
