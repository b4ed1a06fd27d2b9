package io.signvote.tools.doctor;

import io.signvote.transport.aeron.HostReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Checks the needs of the transport: shared memory, socket buffers, and the length of a datagram. */
final class TransportProbe implements Probe {
    private final Supplier<HostReport> inspection;
    private final int ranks;

    /**
     * Makes a probe of the transport.
     *
     * @param inspection of this host.
     * @param ranks number of ranks of the inspection.
     */
    TransportProbe(final Supplier<HostReport> inspection, final int ranks) {
        this.inspection = inspection;
        this.ranks = ranks;
    }

    @Override
    public List<Finding> look() {
        final HostReport report = inspection.get();
        final List<Finding> findings = new ArrayList<>();
        findings.add(memory(report));
        report.problems().stream()
                .filter(problem -> !isAboutMemory(report))
                .forEach(problem -> findings.add(Finding.fail("transport", problem, "")));
        final String granted = "SO_RCVBUF " + report.receiveBufferLength() + " and SO_SNDBUF "
                + report.sendBufferLength() + " granted";
        if (report.notes().isEmpty()) {
            findings.add(Finding.ok("socket buffers", granted));
        } else {
            report.notes().forEach(note -> findings.add(Finding.warn("socket buffers", granted, note)));
        }
        if (report.mtuLength() > 0) {
            findings.add(
                    Finding.ok("datagrams", "up to " + report.mtuLength() + " bytes of payload between these ranks"));
        }
        return findings;
    }

    private Finding memory(final HostReport report) {
        final String fact = report.memoryDirectory() + " has " + report.freeLength() + " bytes free, " + ranks
                + " ranks here need " + report.neededLength();
        return isAboutMemory(report)
                ? Finding.fail("shared memory", fact, String.join("; ", report.problems()))
                : Finding.ok("shared memory", fact);
    }

    private static boolean isAboutMemory(final HostReport report) {
        return !report.problems().isEmpty() && report.freeLength() < report.neededLength();
    }
}
