package io.signvote.kernel.cuda;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many processes that touch JCuda first, at once, over one directory for temporary files. */
class JcudaLibraryTest {
    private static final int PROCESSES = 8;

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void shouldLoadInManyProcessesAtOnceFromAnEmptyDirectory() throws Exception {
        TestDevice.require();
        final List<OtherProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(new OtherProcess(
                        CudaDriverTest.Probe.class,
                        directory,
                        System.getProperty("java.class.path"),
                        Map.of(),
                        "-D" + ModuleImage.PROPERTY + "=" + System.getProperty(ModuleImage.PROPERTY, "")));
            }
            for (final OtherProcess process : processes) {
                final String output = process.await();
                assertTrue(output.startsWith("CudaReport[cause=null, driverVersion="), output);
                assertTrue(!output.contains("ensure:") && !output.contains("open:"), output);
            }
        } finally {
            CloseHelper.closeAll(processes);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().matches("libJCuda.*\\.so\\..*"))
                            .toList(),
                    "left behind");
        }
    }

    @Test
    void shouldMendWhatAKilledProcessLeftHalfWritten() throws Exception {
        final Path file = Files.write(directory.resolve("lib.so"), new byte[] {1, 2});

        JcudaLibrary.put(new byte[] {1, 2, 3, 4}, file);

        assertArrayEquals(new byte[] {1, 2, 3, 4}, Files.readAllBytes(file));
    }

    @Test
    void shouldLeaveTheRightFileAlone() throws Exception {
        final Path file = Files.write(directory.resolve("lib.so"), new byte[] {1, 2});
        final Object before = Files.readAttributes(file, "unix:ino").get("ino");

        JcudaLibrary.put(new byte[] {1, 2}, file);

        assertEquals(before, Files.readAttributes(file, "unix:ino").get("ino"));
    }

    @Test
    void shouldSayThatAFileIsNotOursToReplace() throws Exception {
        final Path taken =
                Files.createDirectories(directory.resolve("lib.so/inside")).getParent();

        final IOException error = assertThrows(IOException.class, () -> JcudaLibrary.put(new byte[] {1}, taken));

        assertMessage(error, "cannot be replaced", "set java.io.tmpdir");
    }
}
