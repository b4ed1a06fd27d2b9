package io.signvote.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
    @TempDir
    private Path directory;

    @Test
    void shouldNumberCharactersInTheirOrder() throws IOException {
        final Text text = Text.of("test", "cab b".repeat(5000));

        assertEquals(4, text.symbolCount());
        assertEquals(25_000, text.length());
        assertEquals(3, text.symbol(0));
        assertEquals(1, text.symbol(1));
        assertEquals(2, text.symbol(2));
        assertEquals(0, text.symbol(3));
    }

    @Test
    void shouldLetRareCharactersShareASymbol() throws IOException {
        final StringBuilder content = new StringBuilder("frequent words ".repeat(3000));
        for (char c = 0x400; c < 0x500; c++) {
            content.append(c);
        }

        final Text text = Text.of("test", content.toString());

        assertEquals(Text.SYMBOLS_MAX, text.symbolCount());
        assertEquals(Text.SYMBOLS_MAX - 1, text.symbol(text.length() - 1));
        assertEquals(Text.SYMBOLS_MAX - 1, text.symbol(text.length() - 2));
        assertNotEquals(text.symbol(0), text.symbol(1));
    }

    @Test
    void shouldReadPlainAndCompressedFiles() throws IOException {
        final byte[] content = "zu dumm\n".repeat(4000).getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("a.txt"), content);
        Files.write(directory.resolve("a.txt.gz"), Idx.compressed(content));

        final Text plain = Text.read(directory.resolve("a.txt"));
        final Text compressed = Text.read(directory.resolve("a.txt.gz"));

        assertEquals(plain.fingerprint(), compressed.fingerprint());
        assertTrue(plain.toString().contains("32,000 characters of 6 kinds"), plain.toString());
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        Files.writeString(directory.resolve("short.txt"), "too short");
        Files.writeString(directory.resolve("bad.gz"), "not compressed");

        assertMessage("holds 9 characters, at least 20,000", "short.txt");
        assertMessage("is not a sound gzip file", "bad.gz");
        assertMessage("is not a file; --text takes", "none.txt");
    }

    private void assertMessage(final String expected, final String name) {
        final IOException error = assertThrows(IOException.class, () -> Text.read(directory.resolve(name)));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }
}
