package io.signvote.kernel.jni;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.build.Build;
import io.signvote.build.NativeResources;
import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeKernelsTest {
    private static final String LIBRARY = NativeResources.path("linux-x86_64/libsignvote.so");

    @BeforeEach
    void needLibrary() {
        if (List.of(System.getProperty("signvote.require", "").split(",")).contains("native")) {
            NativeKernels.ensureAvailable();
        }
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());
    }

    @Test
    void shouldTakeNoTierAboveTheCap() {
        assertEquals("scalar", NativeKernels.create("scalar").tier());
        assertEquals("native", NativeKernels.create("avx2").name());
        assertNull(NativeKernels.unavailabilityCause());
    }

    @Test
    void shouldRefuseUnknownTier() {
        final var error = assertThrows(ConfigurationException.class, () -> NativeKernels.create("avx1024"));

        assertEquals("isa.max=avx1024, expected one of scalar, avx2", error.getMessage());
    }

    @Test
    void shouldTellWhatItWasBuiltWith() {
        final String build = NativeKernels.build();

        assertTrue(build.startsWith("abi " + NativeMethods.ABI + ", compiler "), build);
        assertMessage(build, "-ffp-contract=off");
        assertTrue(build.matches(".*, cuda (sm_\\d+ ?)+, nvcc \\d.*|.*, cuda skipped: .*"), build);
    }

    @Test
    void shouldRefuseAnotherAbi() {
        final var error =
                assertThrows(UnsatisfiedLinkError.class, () -> NativeLibrary.checkAbi(99, "/x/libsignvote.so"));

        assertTrue(error.getMessage().startsWith("/x/libsignvote.so has abi=99, expected " + NativeMethods.ABI));
    }

    @Test
    void shouldCarryTheIdentityOfItsBuild() throws Exception {
        final Build library = Build.of(NativeMethods.identity());

        assertTrue(library.isKnown());
        assertNull(Build.current().refusalOf(library, "libsignvote.so"));
        assertEquals(
                Build.of(NativeResources.build("linux-x86_64")),
                library,
                "build.properties beside the library is of another build");
    }

    /** A jar whose natives were of other sources: its identity stands before ours on the class path. */
    @Test
    void shouldRefuseALibraryOfAnotherBuildAndNameBoth(@TempDir final Path directory) throws Exception {
        final Path room = Files.createDirectories(directory.resolve("jar/io/signvote/build"));
        Files.writeString(
                room.resolve("build.properties"), "version=0.9\ncommit=0123456789abcdef\nwire=1\nnatives=fedc\n");

        final String output = runProbe("-Dx=y", directory, directory.resolve("jar") + File.pathSeparator);
        final String packed =
                "libsignvote.so (" + NativeKernels.class.getClassLoader().getResource(LIBRARY) + ")";

        assertMessage(
                output,
                "available=false",
                "native kernels are unavailable: " + packed + " is of build ",
                "commit " + Build.current().commit().substring(0, 4),
                "this jar of build 0.9 commit 0123456789ab (natives fedc) wire 1: use");
    }

    @Test
    void shouldNameThePathOfALibraryOfAnotherBuild(@TempDir final Path directory) throws Exception {
        final Path room = Files.createDirectories(directory.resolve("jar/io/signvote/build"));
        Files.writeString(
                room.resolve("build.properties"), "version=0.9\ncommit=0123456789abcdef\nwire=1\nnatives=fedc\n");
        final Path named = directory.resolve("mine.so");
        try (InputStream packed = NativeKernels.class.getClassLoader().getResourceAsStream(LIBRARY)) {
            Files.copy(packed, named);
        }

        final String output =
                runProbe("-Dsignvote.native.path=" + named, directory, directory.resolve("jar") + File.pathSeparator);

        assertMessage(output, "native kernels are unavailable: " + named + " is of build ");
    }

    @Test
    void shouldTellWhyANamedFileCannotBeLoaded(@TempDir final Path directory) {
        final Path missing = directory.resolve("missing.so");

        final Throwable cause = NativeLibrary.load(missing.toString());

        assertInstanceOf(UnsatisfiedLinkError.class, cause);
        assertMessage(cause, missing.toString());
    }

    @Test
    void shouldSayThatTheTemporaryDirectoryIsMountedNoexec() {
        final UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                "/t/signvote-native-1/libsignvote.so: failed to map segment from shared object");

        final UnsatisfiedLinkError explained = NativeLibrary.explained(error, Path.of("/t"));

        assertEquals(
                error.getMessage()
                        + ": /t is mounted noexec, so libraries in it cannot be loaded; set java.io.tmpdir to another"
                        + " directory",
                explained.getMessage());
        final UnsatisfiedLinkError other = new UnsatisfiedLinkError("libm.so.6: no such file");
        assertSame(other, NativeLibrary.explained(other, Path.of("/t")));
    }

    @Test
    void shouldNeverFallBackFromANamedFile(@TempDir final Path directory) throws Exception {
        final String output = runProbe("-Dsignvote.native.path=/nowhere/libsignvote.so", directory);

        assertMessage(
                output,
                "available=false",
                "native kernels are unavailable: ",
                "/nowhere/libsignvote.so",
                "signvote.kernel=scalar");
    }

    @Test
    void shouldLeaveNothingInTheTemporaryDirectory(@TempDir final Path directory) throws Exception {
        final String output = runProbe("-Djava.io.tmpdir=" + directory, directory);

        assertMessage(output, "available=true");
        try (var left = Files.list(directory)) {
            assertEquals(List.of(directory.resolve("output")), left.toList());
        }
    }

    /** A library is found once per process, so each outcome needs a process. */
    private static String runProbe(final String property, final Path directory) throws Exception {
        return runProbe(property, directory, "");
    }

    private static String runProbe(final String property, final Path directory, final String before) throws Exception {
        final Path output = directory.resolve("output");
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData", "-Xmx64m", property));
        command.addAll(List.of("-cp", before + System.getProperty("java.class.path"), Probe.class.getName()));
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the probe did not end");
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Prints what a fresh process finds. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            System.out.println("available=" + NativeKernels.isAvailable());
            try {
                System.out.println("tier=" + NativeKernels.create("avx2").tier());
            } catch (final BackendUnavailableException error) {
                System.out.println(error.getMessage());
            }
        }
    }
}
