package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;

/**
 * The device that tests run on: a real one, or the emulated one where {@code signvote.cuda.module} names kernels for it. Tests
 * tagged {@code gpu} are right on both.
 */
public final class TestDevice {
    private static final String EMULATED = "SignVote emulated device";
    private static final String NOTHING =
            "contexts=0 streams=0 events=0 modules=0 allocations=0 bytes=0 pinned=0 registered=0 cublas=0 queued=0";

    private TestDevice() {}

    /**
     * Skips the test where there is no device, or fails it where signvote.require names cuda. Who asks for cuda and names no
     * emulated kernels wants a card, and is not content with less.
     */
    public static void require() {
        final boolean isRequired = isRequired("cuda");
        if (isRequired) {
            CudaDriver.ensureAvailable();
        }
        assumeTrue(CudaDriver.isAvailable(), () -> "cuda: " + CudaDriver.unavailabilityCause());
        if (isRequired && isEmulated() && !ModuleImage.isNamed()) {
            fail("signvote.require=cuda, but the device is the emulated one: run this on a machine with a card");
        }
        if (!isEmulated()) {
            Kept.context();
        }
    }

    /**
     * The primary context of a card, held from the first test of a JVM to its end. A new one takes up to half a second, and tests open and
     * close the device more than a hundred times.
     */
    private static final class Kept {
        private static final PrimaryContext CONTEXT = new PrimaryContext(0);

        static PrimaryContext context() {
            return CONTEXT;
        }
    }

    /** Whether the devices are emulated, so that a test may command them. */
    public static boolean isEmulated() {
        return CudaDriver.isAvailable() && CudaDriver.report().devices().get(0).startsWith(EMULATED);
    }

    /** Whether signvote.require names a backend. */
    public static boolean isRequired(final String backend) {
        return Arrays.asList(System.getProperty("signvote.require", "").split(","))
                .contains(backend);
    }

    /** Makes the emulated machine behave as a line says, until the test is over and {@link #assertClean} is called. */
    public static void configure(final String line) {
        requireEmulated();
        Emulator.configure(line);
    }

    /** Skips a test that commands the emulated machine where the device is a card. */
    public static void requireEmulated() {
        require();
        assumeTrue(isEmulated(), "commands the emulated device, and this is a card");
    }

    /** After a test that closed all it opened: no violation, nothing left on the emulated device, which is as before. */
    public static void assertClean() {
        if (isEmulated()) {
            final String violations = Emulator.violations();
            final String live = Emulator.live();
            Emulator.reset();
            assertEquals("", violations);
            assertEquals(NOTHING, live);
        }
    }
}
