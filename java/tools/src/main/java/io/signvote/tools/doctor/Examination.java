package io.signvote.tools.doctor;

import io.signvote.error.ConfigurationException;
import java.io.PrintWriter;
import java.util.List;

/** Runs probes and prints their findings. */
final class Examination {
    private Examination() {}

    /**
     * Runs all probes, also after a failure.
     *
     * @param probes in the order of printing.
     * @param out gets a line per finding and a summary.
     * @return 0 if nothing required is missing, else 1.
     */
    static int run(final List<Probe> probes, final PrintWriter out) {
        int failures = 0;
        int warnings = 0;
        for (final Probe probe : probes) {
            for (final Finding finding : look(probe)) {
                out.println(finding.line());
                failures += finding.level() == Finding.Level.FAIL ? 1 : 0;
                warnings += finding.level() == Finding.Level.WARN ? 1 : 0;
            }
        }
        out.println(failures == 0 ? "a job can run here, warnings: " + warnings : "needed and missing: " + failures);
        out.flush();
        return failures == 0 ? 0 : 1;
    }

    private static List<Finding> look(final Probe probe) {
        try {
            return probe.look();
        } catch (final ConfigurationException e) {
            return List.of(Finding.fail("options", e.getMessage(), OptionsProbe.REMEDY));
        } catch (final RuntimeException | LinkageError e) {
            return List.of(Finding.fail("doctor", "a probe failed with " + e, "report it with this line"));
        }
    }
}
