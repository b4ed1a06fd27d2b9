package io.signvote.examples.paper.report;

/** Writes HTML, and escapes all text. */
final class Html {
    private final StringBuilder html = new StringBuilder();

    /** Appends markup as it is. Never pass text from outside. */
    Html markup(final String markup) {
        html.append(markup);
        return this;
    }

    /** Appends text, or the value of an attribute in double quotes. */
    Html text(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return this;
    }

    /** Appends an element that contains only text. */
    Html element(final String tag, final String text) {
        final int end = tag.indexOf(' ');
        return markup("<" + tag + ">").text(text).markup("</" + (end < 0 ? tag : tag.substring(0, end)) + ">\n");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
