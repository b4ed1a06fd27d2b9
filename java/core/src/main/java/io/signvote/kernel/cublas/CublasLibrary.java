package io.signvote.kernel.cublas;

import io.signvote.error.BackendUnavailableException;
import io.signvote.kernel.cuda.CudaDriver;

/** Whether this process has cuBLAS: a value, found when first asked for, once. Nothing of JCublas is named here. */
public final class CublasLibrary {
    private static final String JCUBLAS = "jcuda.jcublas.JCublas2";

    private CublasLibrary() {}

    /**
     * Whether cuBLAS can be used.
     *
     * @return true when {@link Cublas#open} works.
     */
    public static boolean isAvailable() {
        return Found.CAUSE == null;
    }

    /**
     * Why cuBLAS cannot be used.
     *
     * @return what went wrong first, or null where it can.
     */
    public static Throwable unavailabilityCause() {
        return Found.CAUSE;
    }

    /**
     * Insists on cuBLAS.
     *
     * @throws BackendUnavailableException with the first cause and the remedy.
     */
    public static void ensureAvailable() {
        CudaDriver.ensureAvailable();
        if (Found.CAUSE != null) {
            throw new BackendUnavailableException("cublas is unavailable: " + Found.CAUSE.getMessage(), Found.CAUSE);
        }
    }

    private static Throwable look() {
        if (!CudaDriver.isAvailable()) {
            return CudaDriver.unavailabilityCause();
        }
        try {
            Class.forName(JCUBLAS, false, CublasLibrary.class.getClassLoader());
        } catch (final ClassNotFoundException | LinkageError e) {
            final NoClassDefFoundError clear = new NoClassDefFoundError(
                    "jcublas is not on the class path, add org.jcuda:jcublas:12.6.0 with its natives");
            clear.initCause(e);
            return clear;
        }
        return Cublas.load();
    }

    private static final class Found {
        static final Throwable CAUSE = look();
    }
}
