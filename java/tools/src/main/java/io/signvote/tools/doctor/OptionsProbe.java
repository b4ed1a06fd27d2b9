package io.signvote.tools.doctor;

import io.signvote.Configuration;
import io.signvote.Option;
import io.signvote.error.ConfigurationException;
import java.util.List;

/** Lists the options that a property, a variable or a launcher gives, and refuses wrong values. */
final class OptionsProbe implements Probe {
    static final String REMEDY = "set another value, or unset it";

    private static final String SUBJECT = "options";

    private final List<Option<?>> options;

    OptionsProbe(final List<Option<?>> options) {
        this.options = options;
    }

    /** Whether the user asks for this kernel backend by name. */
    static boolean isKernel(final String name) {
        try {
            return Configuration.KERNEL.value().equals(name);
        } catch (final ConfigurationException e) {
            return false; // a finding of its own
        }
    }

    @Override
    public List<Finding> look() {
        final List<Finding> findings =
                options.stream().filter(Option::isKnown).map(OptionsProbe::look).toList();
        return findings.isEmpty() ? List.of(Finding.ok(SUBJECT, "no property or variable sets one")) : findings;
    }

    private static Finding look(final Option<?> option) {
        try {
            option.value();
            return Finding.ok(SUBJECT, option.toString());
        } catch (final ConfigurationException e) {
            return Finding.fail(SUBJECT, e.getMessage(), REMEDY);
        }
    }
}
