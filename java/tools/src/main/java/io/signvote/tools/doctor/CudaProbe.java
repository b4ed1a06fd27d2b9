package io.signvote.tools.doctor;

import io.signvote.kernel.cublas.CublasLibrary;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.kernel.cuda.CudaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Checks CUDA: driver, devices, compiled kernels, and the first part that is missing. */
final class CudaProbe implements Probe {
    private static final String SUBJECT = "cuda";

    private final Supplier<CudaReport> report;
    private final Supplier<Throwable> cublas;

    CudaProbe() {
        this(CudaDriver::report, CublasLibrary::unavailabilityCause);
    }

    /**
     * Makes a probe of CUDA.
     *
     * @param report of the CUDA that was found.
     * @param cublas reason why there is no cuBLAS, or null; used only if there is CUDA.
     */
    CudaProbe(final Supplier<CudaReport> report, final Supplier<Throwable> cublas) {
        this.report = report;
        this.cublas = cublas;
    }

    @Override
    public List<Finding> look() {
        final CudaReport found = report.get();
        final List<Finding> findings = new ArrayList<>();
        if (found.cause() != null) {
            final String fact = "not available, " + found.cause().getMessage();
            findings.add(Finding.warn(SUBJECT, fact, "ranks vote from memory of the host; " + found.needs()));
        }
        if (found.driverVersion() > 0) {
            findings.add(Finding.ok(
                    SUBJECT, "driver of CUDA " + found.driverVersionString() + ", kernels " + found.module()));
        }
        for (int ordinal = 0; ordinal < found.devices().size(); ordinal++) {
            final String device = "device " + ordinal + ": " + found.devices().get(ordinal);
            findings.add(
                    device.contains("too old")
                            ? Finding.warn(SUBJECT, device, found.needs())
                            : Finding.ok(SUBJECT, device));
        }
        if (found.cause() == null) {
            final Throwable missing = cublas.get();
            findings.add(
                    missing == null
                            ? Finding.ok("cublas", "loaded")
                            : Finding.warn(
                                    "cublas", missing.getMessage(), "only gradient statistics and examples need it"));
        }
        return findings;
    }
}
