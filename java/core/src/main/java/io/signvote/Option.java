package io.signvote;

import io.signvote.Launcher.Variable;
import io.signvote.error.ConfigurationException;
import java.util.Locale;
import java.util.function.Function;

/**
 * One option. {@link Configuration} declares each option once. Readers, checks, the line at the start, the tools and
 * the page of options use this declaration. Immutable and thread-safe.
 *
 * @param <T> type of the values.
 */
public final class Option<T> {
    private static final String PREFIX = "signvote.";

    private final String name;
    private final Kind<T> kind;
    private final String defaultText; // as a user writes it; empty for none
    private final Function<Launcher, Variable> launched;
    private final boolean isCompared; // between the members of a job
    private final String meaning; // for the page of options

    /** A text, and the variable that gave it; empty for the program, the property and the default. */
    record Setting(String text, String variable) {}

    Option(
            final String name,
            final Kind<T> kind,
            final String defaultText,
            final Function<Launcher, Variable> launched,
            final boolean isCompared,
            final String meaning) {
        this.name = name;
        this.kind = kind;
        this.defaultText = defaultText;
        this.launched = launched;
        this.isCompared = isCompared;
        this.meaning = meaning;
    }

    /** {@return name of the system property, such as {@code signvote.plan}} */
    public String name() {
        return name;
    }

    /** {@return name of the environment variable, such as {@code SIGNVOTE_PLAN}} */
    public String variable() {
        return name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * {@return value of the first source that has one: property, variable, launcher, default}
     *
     * @throws ConfigurationException naming the option and what is expected, if the value is none of this option.
     */
    public T value() {
        final Setting setting = setting();
        return check(read(setting), setting);
    }

    /** {@return whether the property or the variable of this option is set, whatever a launcher says} */
    public boolean isGiven() {
        return System.getProperty(name) != null || own() != null;
    }

    /** {@return whether the property, the variable or a launcher gives the value, rather than the default} */
    public boolean isKnown() {
        return isGiven() || launched(Configuration.launcher()).value() != null;
    }

    /** {@return name, value and variable as messages show them} */
    @Override
    public String toString() {
        final Setting setting = setting();
        return describe(setting.text(), setting.variable());
    }

    /** The name without its prefix. */
    String key() {
        return name.substring(PREFIX.length());
    }

    String defaultText() {
        return defaultText;
    }

    String expected() {
        return kind.expected();
    }

    String meaning() {
        return meaning;
    }

    boolean isCompared() {
        return isCompared;
    }

    /** What a launcher says of this option. */
    Variable launched(final Launcher launcher) {
        return launched.apply(launcher);
    }

    String print(final T value) {
        return kind.printer().apply(value);
    }

    /** Reads a value. {@link #check} refuses values out of range later, as a program may set another value before. */
    T read(final Setting setting) {
        try {
            return kind.parser().apply(setting.text());
        } catch (final IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw refusal(setting.text(), setting.variable(), e);
        }
    }

    /** Refuses a value out of range. The message shows the setting that gave the value. */
    T check(final T value, final Setting setting) {
        if (value == null || !kind.range().test(value)) {
            throw refusal(setting.text(), setting.variable(), null);
        }
        return value;
    }

    /** The setting of a value that the program gave. */
    Setting fromProgram(final T value) {
        return new Setting(value == null ? "null" : print(value), "");
    }

    /** The error of a text that is no value of this option. */
    ConfigurationException refusal(final String text) {
        return refusal(text, "", null);
    }

    private ConfigurationException refusal(final String text, final String variable, final Throwable cause) {
        return new ConfigurationException(
                describe(text, variable) + ", expected " + expected() + Launcher.serviceRemedy(variable, text), cause);
    }

    private String describe(final String text, final String variable) {
        return name + "=" + text + (variable.isEmpty() ? "" : " from the variable " + variable);
    }

    /** What the first source says that has a value. */
    Setting setting() {
        final String property = System.getProperty(name);
        if (property != null) {
            return new Setting(property.trim(), "");
        }
        if (own() != null) {
            return new Setting(own().trim(), variable());
        }
        final Variable other = launched(Configuration.launcher());
        return other.value() == null
                ? new Setting(defaultText, "")
                : new Setting(other.value().trim(), other.name());
    }

    /** Value of the variable of this option; null if it is not set or blank. */
    private String own() {
        final String value = System.getenv(variable());
        return value == null || value.isBlank() ? null : value;
    }
}
