package io.signvote.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    private static final Path SHIPPED = Path.of(System.getProperty("signvote.root"), "examples", "data");

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheShippedSetEvenOverClasses() throws IOException {
        final ImageSet images = FashionMnist.read(SHIPPED, null);

        assertArrayEquals(filled(600), countsByLabel(images.train()));
        assertArrayEquals(filled(200), countsByLabel(images.test()));
        assertTrue(images.toString().contains("6,000 training and 2,000 test images"), images.toString());
    }

    @Test
    void shouldReadPlainAndCompressedFilesSideBySide() throws IOException {
        Idx.writeSet(directory, 30, 20);

        final ImageSet images = FashionMnist.read(directory, null);

        assertEquals(30, images.train().count());
        assertEquals(7, images.train().label(17));
        assertEquals(17, images.train().pixel(17, 0));
        assertEquals(20, images.test().count());
    }

    @Test
    void shouldRefuseADirectoryThatIsNotThere() {
        assertMessage("none is not a directory; --data takes one", directory.resolve("none"));
    }

    @Test
    void shouldRefuseAnEmptyDirectory() {
        assertMessage("train-images-idx3-ubyte.gz is there; all four files", directory);
    }

    @Test
    void shouldRefuseImagesOfAnotherSize() throws IOException {
        Idx.writeSet(directory, 30, 20);
        Files.write(directory.resolve("t10k-images-idx3-ubyte"), Idx.of(Idx.IMAGES, new byte[8], 2, 2, 2));

        assertMessage("(2x2x2), expected images of 28x28", directory);
    }

    @Test
    void shouldRefuseAsManyLabelsAsThereAreNotImages() throws IOException {
        Idx.writeSet(directory, 30, 20);
        Files.write(directory.resolve("t10k-labels-idx1-ubyte"), Idx.of(Idx.LABELS, new byte[19], 19));

        assertMessage("(20x28x28) does not go with", directory);
    }

    @Test
    void shouldRefuseALabelBeyondTheClasses() throws IOException {
        Idx.writeSet(directory, 30, 2);
        Files.write(directory.resolve("t10k-labels-idx1-ubyte"), Idx.of(Idx.LABELS, new byte[] {9, -56}, 2));

        assertMessage("label 1 is 200, expected 0 to 9", directory);
    }

    @Test
    void shouldRefuseFilesWithoutImages() throws IOException {
        Idx.writeSet(directory, 0, 20);

        assertMessage("holds no image", directory);
    }

    private static void assertMessage(final String expected, final Path given) {
        final IOException error = assertThrows(IOException.class, () -> FashionMnist.read(given, null));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }

    private static int[] filled(final int count) {
        final int[] counts = new int[FashionMnist.CLASSES];
        Arrays.fill(counts, count);
        return counts;
    }

    private static int[] countsByLabel(final Images images) {
        final int[] counts = new int[FashionMnist.CLASSES];
        for (int i = 0; i < images.count(); i++) {
            counts[images.label(i)]++;
        }
        return counts;
    }
}
