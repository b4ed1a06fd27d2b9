package io.signvote.tools.doctor;

import io.signvote.Configuration;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.jni.NativeKernels;
import java.util.List;
import java.util.function.Supplier;

/** Checks the native kernels: their tier, or the reason why they are not available. */
final class NativeProbe implements Probe {
    private static final String SUBJECT = "native kernels";

    private final boolean isDemanded;
    private final Supplier<Throwable> unavailabilityCause;
    private final Supplier<String> description;

    NativeProbe() {
        this(OptionsProbe.isKernel("native"), NativeKernels::unavailabilityCause, () -> {
            return tier() + NativeKernels.build();
        });
    }

    private static String tier() {
        try {
            return "tier "
                    + NativeKernels.create(Configuration.KERNEL_ISA_MAX.value()).tier() + ", ";
        } catch (final ConfigurationException e) {
            return ""; // a finding of its own
        }
    }

    NativeProbe(
            final boolean isDemanded,
            final Supplier<Throwable> unavailabilityCause,
            final Supplier<String> description) {
        this.isDemanded = isDemanded;
        this.unavailabilityCause = unavailabilityCause;
        this.description = description;
    }

    @Override
    public List<Finding> look() {
        final Throwable cause = unavailabilityCause.get();
        if (cause == null) {
            return List.of(Finding.ok(SUBJECT, description.get()));
        }
        final String fact = "not available, " + cause.getMessage();
        return List.of(
                isDemanded
                        ? Finding.fail(
                                SUBJECT,
                                fact,
                                "build with gcc and cmake here, or leave out -D" + Configuration.KERNEL.name())
                        : Finding.warn(
                                SUBJECT, fact, "votes use the slower scalar kernels; build with gcc and cmake here"));
    }
}
