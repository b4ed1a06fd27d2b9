package io.signvote.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON as maps, lists and texts. A number is the text that stands in the file, so 1.00 stays 1.00. */
final class Json {
    private final String text;
    private int at;

    private Json(final String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @param text a JSON text.
     * @return Map, List or String; null for null.
     */
    static Object read(final String text) {
        final Json json = new Json(text);
        final Object value = json.value();
        json.skipBlanks();
        if (json.at < text.length()) {
            throw json.wrong("end");
        }
        return value;
    }

    private Object value() {
        skipBlanks();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
    }

    private Map<String, Object> object() {
        final Map<String, Object> object = new LinkedHashMap<>();
        at++;
        while (!ends('}')) {
            final String name = string();
            expect(':');
            object.put(name, value());
        }
        return object;
    }

    private List<Object> array() {
        final List<Object> array = new ArrayList<>();
        at++;
        while (!ends(']')) {
            array.add(value());
        }
        return array;
    }

    /** Skips a comma, or the end. */
    private boolean ends(final char end) {
        skipBlanks();
        if (text.charAt(at) == ',') {
            at++;
            skipBlanks();
            return false;
        }
        if (text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    private String string() {
        expect('"');
        final StringBuilder string = new StringBuilder();
        while (text.charAt(at) != '"') {
            final char next = text.charAt(at++);
            if (next == '\\') {
                final char escaped = text.charAt(at++);
                if ("\"\\/".indexOf(escaped) < 0) {
                    throw wrong("one of \\\" \\\\ \\/");
                }
                string.append(escaped);
            } else {
                string.append(next);
            }
        }
        at++;
        return string.toString();
    }

    private String literal() {
        final int first = at;
        while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        final String literal = text.substring(first, at);
        if (literal.equals("null")) {
            return null;
        }
        if (!literal.matches("-?\\d+(\\.\\d+)?|true|false")) {
            throw wrong("a number, true, false or null");
        }
        return literal;
    }

    private void expect(final char expected) {
        skipBlanks();
        if (text.charAt(at) != expected) {
            throw wrong(String.valueOf(expected));
        }
        at++;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(final String expected) {
        final String rest = text.substring(at, Math.min(text.length(), at + 20));
        return new IllegalArgumentException("at " + at + ": \"" + rest + "\", expected " + expected);
    }
}
