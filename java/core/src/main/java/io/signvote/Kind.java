package io.signvote;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.agrona.SystemUtil;

/**
 * The values that an option takes.
 *
 * @param expected names the values, in messages and on the page of options.
 * @param parser makes a value from a text. It throws an unchecked exception if the text is no value.
 * @param range accepts the values that are allowed.
 * @param printer makes a text from a value.
 * @param <T> type of the values.
 */
record Kind<T>(String expected, Function<String, T> parser, Predicate<T> range, Function<T, String> printer) {
    static Kind<Integer> wholeNumber(final int least, final int most) {
        final String bounds = most == Integer.MAX_VALUE ? ", at least " + least : " from " + least + " to " + most;
        return new Kind<>(
                "a whole number" + bounds,
                text -> Math.toIntExact(parseLong(text)),
                value -> value >= least && value <= most,
                String::valueOf);
    }

    static Kind<Long> longNumber() {
        return new Kind<>("a whole number of 64 bits", Kind::parseLong, value -> true, String::valueOf);
    }

    /** Nanoseconds. */
    static Kind<Long> duration() {
        return new Kind<>(
                "a duration such as 200ms or 60s, more than 0",
                text -> SystemUtil.parseDuration("duration", text),
                value -> value > 0,
                value -> value > 0 ? SystemUtil.formatDuration(value) : value + "ns");
    }

    /** Bytes. */
    static Kind<Integer> size(final String expected) {
        return new Kind<>(
                expected,
                text -> Math.toIntExact(SystemUtil.parseSize("size", text)),
                value -> value >= 0,
                String::valueOf);
    }

    static Kind<Boolean> flag() {
        return choice("", List.of(true, false));
    }

    static Kind<String> text(final String expected) {
        return text(expected, value -> true);
    }

    static Kind<String> text(final String expected, final Predicate<String> range) {
        return new Kind<>(expected, Function.identity(), range, Function.identity());
    }

    /** One of the values, in capitals or not, with a remark on other values. */
    static <T> Kind<T> choice(final String remark, final List<T> values) {
        final String names = values.stream()
                .map(value -> value.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        final int last = names.lastIndexOf(", ");
        return new Kind<>(
                names.substring(0, last) + " or " + names.substring(last + 2) + remark,
                text -> values.stream()
                        .filter(value -> value.toString().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(text)),
                values::contains,
                String::valueOf);
    }

    /** Launchers pad numbers with zeros. Such a number is decimal, not octal. */
    private static long parseLong(final String text) {
        final boolean isHexadecimal = text.regionMatches(true, text.startsWith("-") ? 1 : 0, "0x", 0, 2);
        return isHexadecimal ? Long.decode(text) : Long.parseLong(text);
    }
}
