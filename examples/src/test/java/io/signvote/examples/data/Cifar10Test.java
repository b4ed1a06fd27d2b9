package io.signvote.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    private static final int RECORD = 3073;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        for (int file = 1; file <= 5; file++) {
            Files.write(directory.resolve("data_batch_" + file + ".bin"), records(2 * file - 2, 2));
        }
        Files.write(directory.resolve("test_batch.bin"), records(7, 1));
    }

    @Test
    void shouldReadAllSixFilesInOrder() throws IOException {
        final ImageSet images = ImageSet.read(directory, null);

        assertEquals("CIFAR-10", images.name());
        assertEquals(10, images.train().count());
        assertEquals(1, images.test().count());
        for (int i = 0; i < 10; i++) {
            assertEquals(i, images.train().label(i));
            assertEquals(10 + i, images.train().pixel(i, 0));
            assertEquals(200, images.train().pixel(i, 1024));
        }
        assertEquals(7, images.test().label(0));
    }

    @Test
    void shouldScaleEveryChannelByItsOwnMean() throws IOException {
        final float[] columns = new float[3072 * 2];

        ImageSet.read(directory, null).train().fill(3, columns, 1, 2);

        assertEquals((13 / 255f - 0.4914f) / 0.2470f, columns[1], 1e-6);
        assertEquals((200 / 255f - 0.4822f) / 0.2435f, columns[1 + 2 * 1024], 1e-6);
        assertEquals((0 - 0.4465f) / 0.2616f, columns[1 + 2 * 2048], 1e-6);
        assertEquals(0, columns[0]);
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        Files.delete(directory.resolve("test_batch.bin"));
        assertMessage("test_batch.bin is not there; all six");

        Files.write(directory.resolve("test_batch.bin"), new byte[RECORD - 1]);
        assertMessage("has 3072 bytes, expected records of 3073");

        final byte[] bad = new byte[2 * RECORD];
        bad[RECORD] = 10;
        Files.write(directory.resolve("test_batch.bin"), bad);
        assertMessage("label 1 is 10, expected 0 to 9");
    }

    private void assertMessage(final String expected) {
        final IOException error = assertThrows(IOException.class, () -> Cifar10.read(directory));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }

    private static byte[] records(final int firstLabel, final int count) {
        final byte[] records = new byte[count * RECORD];
        for (int i = 0; i < count; i++) {
            records[i * RECORD] = (byte) (firstLabel + i);
            records[i * RECORD + 1] = (byte) (10 + firstLabel + i);
            records[i * RECORD + 1 + 1024] = (byte) 200;
        }
        return records;
    }
}
