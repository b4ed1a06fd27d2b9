package io.signvote.kernel.cuda;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.build.Build;
import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process without this or that is told: the first thing that is missing, and what to do. */
class CudaDriverTest {
    /** Begins like kernels for a card, of which none fits. */
    private static final byte[] IMAGE_FOR_NO_DEVICE = {0x50, -19, 0x55, -70, 0, 0, 0};

    @TempDir
    private Path directory;

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @Test
    void shouldSayThatJcudaIsMissing() throws Exception {
        final String output = probe(Map.of(), jar -> !jar.contains("jcuda"));

        assertTold(output, "jcuda is not on the class path, add org.jcuda:jcuda:12.6.0 with its natives");
    }

    @Test
    void shouldSayThatTheNativesAreMissing() throws Exception {
        final String output = probe(Map.of(), jar -> !jar.contains("jcuda-natives"));

        assertTold(output, "no resource /lib/libJCudaDriver-12.6.0-", "add the natives of jcuda 12.6.0");
    }

    @Test
    void shouldSayThatTheDriverIsMissing() throws Exception {
        final String output = probe(Map.of("LD_LIBRARY_PATH", "/nowhere"), jar -> true);

        assertTold(output, "libcuda.so.1: cannot open shared object file", "install the NVIDIA driver, 580 or later");
    }

    @ParameterizedTest
    @CsvSource({
        "999, run nvidia-modprobe -u",
        "802, start nvidia-fabricmanager",
        "803, reboot",
        "805, CUDA_MPS_PIPE_DIRECTORY",
        "100, see nvidia-smi and CUDA_VISIBLE_DEVICES",
    })
    void shouldNameTheRemedyIfTheDriverDoesNotStart(final int result, final String remedy) throws Exception {
        final String output = probe(Map.of("SIGNVOTE_EMULATOR", "fail=cuInit@1:" + result), jar -> true);

        assertTold(output, "cuInit failed: " + result + " CUDA_ERROR_", remedy);
    }

    @Test
    void shouldSayThatTheDriverIsTooOld() throws Exception {
        final String output = probe(Map.of("MODULE", "", "SIGNVOTE_EMULATOR", "driver=12080"), jar -> true);

        assertTold(output, "the driver is of CUDA 12.8, the kernels need 13.0, driver 580 or later");
    }

    @Test
    void shouldLeaveItToTheDriverWhetherItTakesNamedKernels() throws Exception {
        final String output = probe(Map.of("SIGNVOTE_EMULATOR", "driver=12080,capability=70"), jar -> true);

        assertMessage(output, "CudaReport[cause=null, driverVersion=12080");
    }

    @Test
    void shouldSayThatNoDeviceIsAble() throws Exception {
        final String output = probe(Map.of("MODULE", "", "SIGNVOTE_EMULATOR", "capability=70"), jar -> true);

        assertTold(output, "no device can run the kernels: SignVote emulated device, compute capability 7.0");
    }

    @Test
    void shouldSayThatThereIsNoDevice() throws Exception {
        final String output = probe(Map.of("SIGNVOTE_EMULATOR", "devices=0"), jar -> true);

        assertTold(output, "see nvidia-smi and CUDA_VISIBLE_DEVICES");
    }

    @Test
    void shouldSayThatTheBuildHasNoKernels() throws Exception {
        final String output = probe(
                Map.of("MODULE", ""),
                jar -> !Files.exists(Path.of(jar, "io/signvote/native")) && !jar.contains("signvote-native"));

        assertTold(output, "this build has no CUDA kernels", "build it with nvcc 13 on the PATH");
    }

    @Test
    void shouldSayThatTheNamedKernelsAreNotThere() throws Exception {
        final String output = probe(Map.of("MODULE", "/nowhere/kernels.fatbin"), jar -> true);

        assertTold(output, "/nowhere/kernels.fatbin");
    }

    @Test
    void shouldSayThatTheDeviceIsTooOldForTheKernels() throws Exception {
        final Path room = Files.createDirectories(directory.resolve("io/signvote/native/linux-x86_64"));
        Files.writeString(room.resolve("build.properties"), identity() + "nvcc=13.0.88\ncuda=sm_86 sm_80 sm_90\n");
        Files.write(room.resolveSibling("kernels.fatbin"), IMAGE_FOR_NO_DEVICE);
        final String output = probe(Map.of("MODULE", "", "SIGNVOTE_EMULATOR", "capability=75"), jar -> true);

        assertTold(
                output,
                "no device can run the kernels: SignVote emulated device, compute capability 7.5",
                "they need 8.0");
    }

    /** Ranks take turns over what is left, and are told what the kernels of this build need. */
    @Test
    void shouldPassOverDevicesThatAreTooOld() throws Exception {
        final Path room = Files.createDirectories(directory.resolve("io/signvote/native/linux-x86_64"));
        Files.writeString(room.resolve("build.properties"), identity() + "nvcc=12.9.86\ncuda=sm_80 sm_90\n");
        Files.write(room.resolveSibling("kernels.fatbin"), IMAGE_FOR_NO_DEVICE);
        final String output =
                probe(Map.of("MODULE", "", "SIGNVOTE_EMULATOR", "devices=3,capability=75:80:90"), jar -> true);

        assertMessage(
                output,
                "able=[1, 2]",
                "ranks: 1 2 1 2",
                "kernels of nvcc 12 need a driver of CUDA 12.0 or later and compute capability 8.0 or later]");
    }

    @Test
    void shouldRefuseKernelsOfAnotherBuild() throws Exception {
        final Path room = Files.createDirectories(directory.resolve("io/signvote/native/linux-x86_64"));
        Files.writeString(
                room.resolve("build.properties"),
                "version=0.9\ncommit=none\nwire=1\nnatives=fedc\nnvcc=13.0.88\ncuda=sm_75\n");
        Files.write(room.resolveSibling("kernels.fatbin"), IMAGE_FOR_NO_DEVICE);
        final String output = probe(Map.of("MODULE", ""), jar -> true);

        assertTold(
                output,
                "kernels.fatbin ("
                        + room.resolveSibling("kernels.fatbin").toUri().toURL()
                        + ") is of build 0.9 no commit (natives fedc) wire 1, this jar of build "
                        + Build.current().version());
    }

    @Test
    void shouldSayThatTheNamedKernelsAreNotForTheDevice() throws Exception {
        final Path image = Files.write(directory.resolve("kernels.fatbin"), IMAGE_FOR_NO_DEVICE);
        final String output =
                probe(Map.of("MODULE", image.toString(), "SIGNVOTE_EMULATOR", "capability=70"), jar -> true);

        assertMessage(
                output,
                "open: cuModuleLoadData(" + image + ") for SignVote emulated device of compute capability 7.0 failed",
                "build the kernels for this device");
    }

    @Test
    @Tag("gpu")
    void shouldReportWhatIsThere() {
        TestDevice.require();
        final CudaReport report = CudaDriver.report();

        CudaDriver.ensureAvailable();
        assertTrue(report.driverVersion() >= 13000, report.driverVersionString());
        assertMessage(report.devices().get(0), "compute capability");
        assertTrue(report.module().endsWith(" bytes"), report.module());
        assertEquals(null, report.cause());
    }

    @Test
    @Tag("gpu")
    void shouldShareDevicesAmongTheRanksOfAHost() {
        TestDevice.require();
        final int count = CudaDriver.report().devices().size();

        assertEquals(0, CudaDriver.deviceOf(0));
        assertEquals(1 % count, CudaDriver.deviceOf(1));
        assertEquals(5 % count, CudaDriver.deviceOf(5));
        CudaDriver.ensureDevice(count - 1);
        for (final int device : new int[] {-1, count}) {
            final String message = assertThrows(ConfigurationException.class, () -> CudaDriver.ensureDevice(device))
                    .getMessage();
            assertEquals("device=" + device + ", this machine has devices 0 to " + (count - 1), message);
        }
    }

    private static String identity() {
        final Build build = Build.current();
        return "version=" + build.version() + "\nwire=" + build.wire() + "\nnatives=" + build.natives() + "\n";
    }

    private String probe(final Map<String, String> environment, final Predicate<String> isKept) throws Exception {
        if (environment.containsKey("SIGNVOTE_EMULATOR") || environment.containsKey("LD_LIBRARY_PATH")) {
            // a card takes no such orders, and its driver is where the loader looks in any case
            TestDevice.requireEmulated();
        }
        TestDevice.require();
        // what a test puts into its directory goes before what the build packed
        final String classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(isKept)
                .collect(Collectors.joining(File.pathSeparator, directory + File.pathSeparator, ""));
        final Map<String, String> variables = new HashMap<>(environment);
        final String module = variables.getOrDefault("MODULE", System.getProperty(ModuleImage.PROPERTY, ""));
        return OtherProcess.run(
                Probe.class, directory, classPath, variables, "-D" + ModuleImage.PROPERTY + "=" + module);
    }

    private static void assertTold(final String output, final String... facts) {
        for (final String fact : facts) {
            assertMessage(output, fact);
        }
        assertMessage(output, "ensure: cuda kernels are unavailable: ");
        assertFalse(output.contains("signvote.kernel"), output);
        // asked twice, told the same
        assertEquals(2, output.split("ensure: ", -1).length - 1, output);
    }

    /** Says what this process has. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            System.out.println(CudaDriver.report());
            for (int i = 0; i < 2; i++) {
                try {
                    CudaDriver.ensureAvailable();
                } catch (final BackendUnavailableException e) {
                    assertNotNull(e.getCause());
                    System.out.println("ensure: " + e.getMessage());
                }
            }
            if (CudaDriver.isAvailable()) {
                System.out.println("ranks: " + CudaDriver.deviceOf(0) + " " + CudaDriver.deviceOf(1) + " "
                        + CudaDriver.deviceOf(2) + " " + CudaDriver.deviceOf(3));
                try {
                    CudaDevice.open(0).close();
                } catch (final RuntimeException e) {
                    System.out.println("open: " + e.getMessage());
                }
            }
        }
    }
}
