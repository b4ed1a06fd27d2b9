package io.signvote.jmh.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.kernel.cuda.CudaDriver;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that time a card run to their end on the emulated device, where they check and time nothing. */
class CudaTimesTest {
    private static final String MODULE = "signvote.cuda.module";
    private static final Path IMAGES =
            Path.of(System.getProperty("signvote.root", ".."), "native", "target", "emulator");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final String module = System.getProperty(MODULE, "");

    @BeforeEach
    void requireEmulatedDevice() {
        if (Arrays.asList(System.getProperty("signvote.require", "").split(",")).contains("cuda")) {
            CudaDriver.ensureAvailable();
        }
        assumeTrue(CudaDriver.isAvailable(), () -> "cuda: " + CudaDriver.unavailabilityCause());
        assumeTrue(!module.isEmpty(), "a card has programs that time it, see ci/gpu/bundle");
    }

    @AfterEach
    void restoreModule() {
        System.setProperty(MODULE, module);
    }

    @Test
    void shouldRunAndCheckEveryKernel(@TempDir final Path directory) throws Exception {
        final Path tile = directory.resolve("tile");

        assertEquals(
                0,
                KernelTimes.run(out, "--emulated", "--tile", tile.toString(), "--zeros", "0.001,0.25", "20_011", "64"));
        assertTrue(Files.size(tile) > 0);
        final String printed = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains("EMULATED: nothing is timed"), printed);
        for (final String row : List.of(
                "copy ",
                "memset ",
                "read, by cublasSasum ",
                "packSigns   ",
                "packSigns float16, 0.1 % zeros ",
                "momentumPackSigns bfloat16, 25 % zeros ")) {
            assertEquals(2, printed.lines().filter(line -> line.startsWith(row)).count(), row + printed);
        }
    }

    @Test
    void shouldSeeAKernelThatIsWrong() throws Exception {
        System.setProperty(
                MODULE, IMAGES.resolve("broken/wrong_lane_order.emulated").toString());

        assertEquals(1, KernelTimes.run(out, "--emulated", "20_011"));
    }

    @Test
    void shouldVoteAndCompareRanks() throws Exception {
        assertEquals(0, DeviceVoteTimes.run(out, "--emulated", "--ranks", "2", "100_003"));
    }

    @Test
    void shouldTimeNothingOnAnEmulatedDeviceUnlessToldThatItIsOne() {
        final IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> KernelTimes.run(out, "20_011"));

        assertTrue(refused.getMessage().contains("use --emulated"), refused.getMessage());
    }
}
