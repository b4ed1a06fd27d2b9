package io.signvote.kernel.cublas;

import io.signvote.error.BackendUnavailableException;
import io.signvote.kernel.cuda.CudaDriver;

/**
 * Whether this process has cuBLAS. The first call checks it, and later calls return the same value. JCublas may be missing, so this
 * class uses none of its classes.
 */
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
     * @return first error, or null if it can.
     */
    public static Throwable unavailabilityCause() {
        return Found.CAUSE;
    }

    /**
     * Checks that cuBLAS is available.
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
