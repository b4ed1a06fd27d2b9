package io.signvote.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxFileTest {
    private static final byte[] CONTENT = {1, 2, 3, 4, 5, (byte) 255};

    @TempDir
    private Path directory;

    @Test
    void shouldReadAPlainFile() throws IOException {
        Files.write(directory.resolve("x"), Idx.of(Idx.IMAGES, CONTENT, 1, 2, 3));

        final IdxFile file = IdxFile.read(directory, "x", 3);

        assertArrayEquals(CONTENT, file.bytes());
        assertEquals(1, file.size(0));
        assertEquals(2, file.size(1));
        assertEquals(3, file.size(2));
        assertTrue(file.toString().endsWith("x (1x2x3)"), file.toString());
    }

    @Test
    void shouldReadACompressedFile() throws IOException {
        Files.write(directory.resolve("x.gz"), Idx.compressed(Idx.of(Idx.LABELS, CONTENT, 6)));

        assertArrayEquals(CONTENT, IdxFile.read(directory, "x", 1).bytes());
    }

    @Test
    void shouldNameBothFilesThatAreMissing() {
        final IOException error = assertThrows(IOException.class, () -> IdxFile.read(directory, "x", 1));

        assertTrue(error.getMessage().contains(directory.resolve("x").toString()), error.getMessage());
        assertTrue(error.getMessage().contains("x.gz"), error.getMessage());
    }

    static Stream<Arguments> nonsense() {
        final byte[] sound = Idx.of(Idx.LABELS, CONTENT, 6);
        final byte[] packed = Idx.compressed(sound);
        return Stream.of(
                Arguments.of("x", new byte[0], "cut short"),
                Arguments.of("x", Arrays.copyOf(sound, 3), "cut short"),
                Arguments.of("x", Arrays.copyOf(sound, 7), "cut short"),
                Arguments.of("x", Arrays.copyOf(sound, sound.length - 1), "5 of 6 bytes"),
                Arguments.of("x", Arrays.copyOf(sound, sound.length + 1), "goes on after the 6 bytes"),
                Arguments.of("x", Idx.of(Idx.IMAGES, CONTENT, 1, 2, 3), "0x00000803, expected 0x00000801"),
                Arguments.of("x", "<!DOCTYPE html>".getBytes(), "0x3c21444f, expected 0x00000801"),
                Arguments.of("x", packed, "0x1f8b0800, expected 0x00000801"),
                Arguments.of("x", Idx.of(Idx.LABELS, CONTENT, -1), "dimension 0 is 4294967295"),
                Arguments.of("x", Idx.of(Idx.LABELS, CONTENT, Integer.MAX_VALUE), "dimension 0 is 2147483647"),
                Arguments.of("x.gz", new byte[0], "cut short"),
                Arguments.of("x.gz", sound, "not a sound gzip file"),
                Arguments.of("x.gz", Arrays.copyOf(packed, 12), "cut short"),
                Arguments.of("x.gz", Arrays.copyOf(packed, packed.length - 4), "cut short"),
                Arguments.of("x.gz", flipped(packed), "not a sound gzip file"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void shouldSayWhatIsWrong(final String name, final byte[] content, final String expected) throws IOException {
        Files.write(directory.resolve(name), content);

        final IOException error = assertThrows(IOException.class, () -> IdxFile.read(directory, "x", 1));

        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertTrue(error.getMessage().contains(directory.resolve(name).toString()), error.getMessage());
    }

    private static byte[] flipped(final byte[] packed) {
        final byte[] copy = packed.clone();
        copy[copy.length - 7] ^= 1; // within the checksum
        return copy;
    }
}
