package io.signvote.kernel.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the machine code of the library: each operation rounds once, so nothing may be fused. */
class DisassemblyTest {
    private static final Pattern FUSED = Pattern.compile("\\bvf(n?m(add|sub)|maddsub|msubadd)");
    private static final Pattern PRODUCT = Pattern.compile("\\bv?mul[ps]s\\b");

    @Test
    void shouldHoldNoFusedMultiplyAdd(@TempDir final Path directory) throws Exception {
        final List<String> instructions = disassemble(extract(directory), directory.resolve("disassembly"));

        final List<String> fused =
                instructions.stream().filter(line -> FUSED.matcher(line).find()).toList();
        final long products = instructions.stream()
                .filter(line -> PRODUCT.matcher(line).find())
                .count();

        assertTrue(products >= 8, "only " + products + " products found: is this the library?");
        assertEquals(List.of(), fused);
    }

    @Test
    void shouldRecogniseFusedInstructions() {
        for (final String name :
                List.of("vfmadd231ps", "vfnmadd132ss", "vfmsub213ps", "vfmaddsub231ps", "vfnmsub213ss")) {
            assertTrue(
                    FUSED.matcher("  10:\tc4 e2\t" + name + " %ymm0,%ymm1,%ymm2")
                            .find(),
                    name);
        }
    }

    private static Path extract(final Path directory) throws IOException {
        final Path library = directory.resolve("libsignvote.so");
        try (InputStream packed =
                DisassemblyTest.class.getResourceAsStream("/io/signvote/native/linux-x86_64/libsignvote.so")) {
            assertNotNull(packed, "the library is not on the class path");
            Files.copy(packed, library);
        }
        return library;
    }

    private static List<String> disassemble(final Path library, final Path output) throws Exception {
        final Process objdump = new ProcessBuilder("objdump", "-d", library.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(objdump.waitFor(30, TimeUnit.SECONDS), "objdump did not end");
        } finally {
            objdump.destroyForcibly();
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
