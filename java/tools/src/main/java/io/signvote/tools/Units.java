package io.signvote.tools;

import io.signvote.error.ConfigurationException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes, durations and rates in the notation of people. Thread-safe. */
public final class Units {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})([a-z]*)");

    private Units() {}

    /**
     * Reads a size.
     *
     * @param text such as {@code 512}, {@code 8k}, {@code 256M}, {@code 1GiB}; a k is 1,024.
     * @return bytes.
     * @throws ConfigurationException if the text is not a size.
     */
    public static long size(final String text) {
        final Matcher quantity = quantity(text, "size", "8k or 256M");
        final long factor = switch (quantity.group(2)) {
            case "", "b" -> 1L;
            case "k", "kb", "kib" -> 1L << 10;
            case "m", "mb", "mib" -> 1L << 20;
            case "g", "gb", "gib" -> 1L << 30;
            default -> throw malformed(text, "size", "8k or 256M");
        };
        return multiply(text, quantity, factor);
    }

    /**
     * Reads a duration.
     *
     * @param text such as {@code 200ms}, {@code 5s}, {@code 2m}, {@code 1h}; a bare number is seconds.
     * @return duration, at least zero.
     * @throws ConfigurationException if the text is not a duration.
     */
    public static Duration duration(final String text) {
        final Matcher quantity = quantity(text, "duration", "200ms or 5s");
        final long millis = switch (quantity.group(2)) {
            case "ms" -> 1L;
            case "", "s" -> 1_000L;
            case "m", "min" -> 60_000L;
            case "h" -> 3_600_000L;
            default -> throw malformed(text, "duration", "200ms or 5s");
        };
        return Duration.ofMillis(multiply(text, quantity, millis));
    }

    /**
     * Reads the rate of a link.
     *
     * @param text in the notation of {@code tc}, such as {@code 100mbit} or {@code 1gbit}; a k is 1,000.
     * @return bits a second.
     * @throws ConfigurationException if the text is not a rate.
     */
    public static long rate(final String text) {
        final Matcher quantity = quantity(text, "rate", "100mbit or 1gbit");
        final long factor = switch (quantity.group(2)) {
            case "bit" -> 1L;
            case "kbit" -> 1_000L;
            case "mbit" -> 1_000_000L;
            case "gbit" -> 1_000_000_000L;
            default -> throw malformed(text, "rate", "100mbit or 1gbit");
        };
        return multiply(text, quantity, factor);
    }

    private static Matcher quantity(final String text, final String kind, final String example) {
        final Matcher matcher = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw malformed(text, kind, example);
        }
        return matcher;
    }

    private static long multiply(final String text, final Matcher quantity, final long factor) {
        try {
            return Math.multiplyExact(Long.parseLong(quantity.group(1)), factor);
        } catch (final ArithmeticException e) {
            throw new ConfigurationException("'" + text + "' is beyond 2^63, write a smaller one", e);
        }
    }

    private static ConfigurationException malformed(final String text, final String kind, final String example) {
        return new ConfigurationException("'" + text + "' is not a " + kind + ", write one such as " + example);
    }

    /** Sizes as options. */
    public static final class SizeOption implements ITypeConverter<Long> {
        @Override
        public Long convert(final String value) {
            try {
                return size(value);
            } catch (final ConfigurationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Durations as options. */
    public static final class DurationOption implements ITypeConverter<Duration> {
        @Override
        public Duration convert(final String value) {
            try {
                return duration(value);
            } catch (final ConfigurationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Rates as options. */
    public static final class RateOption implements ITypeConverter<Long> {
        @Override
        public Long convert(final String value) {
            try {
                return rate(value);
            } catch (final ConfigurationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
