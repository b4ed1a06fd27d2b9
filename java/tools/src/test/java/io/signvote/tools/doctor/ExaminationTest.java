package io.signvote.tools.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.kernel.cuda.CudaReport;
import io.signvote.transport.aeron.HostReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithZeroWhenNothingNeededIsMissing() {
        assertEquals(
                0, examine(() -> List.of(Finding.ok("a", "there")), () -> List.of(Finding.warn("b", "slow", "fix"))));
        assertTrue(out.toString().contains("OK    a"), out.toString());
        assertTrue(out.toString().contains("a job can run here, warnings: 1"), out.toString());
    }

    @Test
    void shouldEndWithOneWhenSomethingNeededIsMissing() {
        assertEquals(1, examine(new JavaProbe(17, false, true)));
        assertTrue(out.toString().contains(JavaProbe.OPENS_FLAG), out.toString());
    }

    @Test
    void shouldGoOnAfterAProbeThatThrows() {
        final Probe broken = () -> {
            throw new UnsatisfiedLinkError("no such symbol");
        };

        assertEquals(1, examine(broken, () -> List.of(Finding.ok("later", "looked at"))));
        assertTrue(out.toString().contains("no such symbol"), out.toString());
        assertTrue(out.toString().contains("later"), out.toString());
    }

    @Test
    void shouldFailForTheNativeKernelsOnlyWhereTheyAreDemanded() {
        final Throwable cause = new UnsatisfiedLinkError("libsignvote.so is not packed");

        assertEquals(0, examine(new NativeProbe(false, () -> cause, () -> "tier avx2")));
        assertTrue(out.toString().contains("WARN  native kernels"), out.toString());
        assertTrue(out.toString().contains("libsignvote.so is not packed"), out.toString());
        assertEquals(1, examine(new NativeProbe(true, () -> cause, () -> "tier avx2")));
        assertEquals(0, examine(new NativeProbe(true, () -> null, () -> "tier avx2")));
    }

    @Test
    void shouldListTheOptionsThatAreSetAndRefuseWrongValues() {
        assertEquals(0, examine(new OptionsProbe(List.of())));
        assertTrue(out.toString().contains("OK    options        no property or variable sets one"), out.toString());

        final String name = Configuration.CREDIT.name();
        try {
            System.setProperty(name, "8");
            assertEquals(0, examine(new OptionsProbe(Configuration.options())));
            assertTrue(out.toString().contains("OK    options        signvote.credit=8"), out.toString());

            System.setProperty(name, "257");
            assertEquals(1, examine(new OptionsProbe(Configuration.options())));
            assertTrue(
                    out.toString()
                            .contains(
                                    "FAIL  options        signvote.credit=257, expected a whole number from 0 to 256: set"),
                    out.toString());
        } finally {
            System.clearProperty(name);
        }
    }

    @Test
    void shouldFailForAWrongOptionThatAProbeReads() {
        final Probe reader = () -> {
            throw new ConfigurationException("signvote.kernel.isa.max=avx9, expected scalar or avx2");
        };

        assertEquals(1, examine(reader));
        assertTrue(out.toString().contains("FAIL  options        signvote.kernel.isa.max=avx9"), out.toString());
    }

    @Test
    void shouldFailWhereSharedMemoryIsTooSmall() {
        final HostReport report =
                new HostReport(folder, 1000, 2000, 4096, 4096, 1408, List.of("too small, remount"), List.of());

        assertEquals(1, examine(new TransportProbe(() -> report, 4)));
        assertTrue(out.toString().contains("FAIL  shared memory"), out.toString());
        assertTrue(out.toString().contains("too small, remount"), out.toString());
        assertEquals(1, out.toString().split("FAIL").length - 1, out.toString());
    }

    @Test
    void shouldBeContentWithMemoryThatARunningDriverHolds() {
        final HostReport report = new HostReport(folder, 1000, 2000, 4096, 4096, 1408, List.of(), List.of());

        assertEquals(0, examine(new TransportProbe(() -> report, 4)));
        assertTrue(out.toString().contains("shared memory"), out.toString());
    }

    @Test
    void shouldWarnOfSmallSocketBuffersWithTheRemedy() {
        final HostReport report =
                new HostReport(folder, 3000, 2000, 4096, 4096, 1408, List.of(), List.of("run as root: sysctl -w"));

        assertEquals(0, examine(new TransportProbe(() -> report, 4)));
        assertTrue(out.toString().contains("WARN  socket buffers"), out.toString());
        assertTrue(out.toString().contains("sysctl -w"), out.toString());
    }

    @Test
    void shouldFailForAnyOtherProblemOfTheTransport() {
        final HostReport report =
                new HostReport(folder, 3000, 2000, 4096, 4096, 0, List.of("mtuLength=7 is too small"), List.of());

        assertEquals(1, examine(new TransportProbe(() -> report, 4)));
        assertTrue(out.toString().contains("FAIL  transport"), out.toString());
    }

    @Test
    void shouldRefuseAnOldJava() {
        assertEquals(1, examine(new JavaProbe(11, true, true)));
    }

    @Test
    void shouldWarnOfNativeAccessOnlyWhereTheJvmDoes() {
        assertEquals(2, new JavaProbe(17, true, false).look().size());
        assertEquals(
                Finding.Level.WARN, new JavaProbe(25, true, false).look().get(2).level());
    }

    @Test
    void shouldOnlyWarnIfThereIsNoCuda() {
        final CudaReport nothing = new CudaReport(
                new UnsatisfiedLinkError("libcuda.so.1: no"),
                0,
                List.of(),
                List.of(),
                "not looked for",
                "kernels need driver 580 or later and no Volta");

        assertEquals(0, examine(new CudaProbe(() -> nothing, () -> null)));
        assertTrue(out.toString().contains("WARN  cuda           not available, libcuda.so.1: no"), out.toString());
        assertTrue(out.toString().contains("need driver 580 or later"), out.toString());
        assertTrue(out.toString().contains("no Volta"), out.toString());
    }

    @Test
    void shouldListDriverKernelsAndDevices() {
        final CudaReport found = new CudaReport(
                null,
                13010,
                List.of("A, compute capability 9.0", "B, compute capability 7.0, too old for these kernels"),
                List.of(0),
                "kernels.fatbin, 800000 bytes",
                "kernels need what device 0 has");

        assertEquals(0, examine(new CudaProbe(() -> found, () -> new UnsatisfiedLinkError("libcublas.so.12: no"))));

        assertTrue(
                out.toString()
                        .contains("OK    cuda           driver of CUDA 13.1, kernels kernels.fatbin, 800000 bytes"),
                out.toString());
        assertTrue(out.toString().contains("OK    cuda           device 0: A"), out.toString());
        assertTrue(out.toString().contains("WARN  cuda           device 1: B"), out.toString());
        assertTrue(out.toString().contains("kernels need what device 0 has"), out.toString());
        assertTrue(out.toString().contains("WARN  cublas         libcublas.so.12: no"), out.toString());
    }

    @Test
    void shouldFindTheDevicesOfThisMachine() {
        final List<Finding> findings = new CudaProbe().look();

        assertEquals(
                CudaDriver.isAvailable() ? Finding.Level.OK : Finding.Level.WARN,
                findings.get(0).level(),
                findings.toString());
        if (List.of(System.getProperty("signvote.require", "").split(",")).contains("cuda")) {
            assertTrue(findings.get(0).fact().startsWith("driver of CUDA 13"), findings.toString());
            assertTrue(findings.get(1).fact().startsWith("device 0: "), findings.toString());
        }
    }

    @Test
    void shouldFindLoopback() {
        assertTrue(
                new InterfaceProbe()
                        .look().stream().anyMatch(finding -> finding.fact().startsWith("lo MTU ")),
                "loopback is up wherever tests run");
    }

    private int examine(final Probe... probes) {
        return Examination.run(List.of(probes), new PrintWriter(out));
    }
}
