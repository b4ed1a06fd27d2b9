package io.signvote.examples.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files, sound ones and others. */
public final class Idx {
    public static final int IMAGES = 0x803;
    public static final int LABELS = 0x801;

    private Idx() {}

    static byte[] of(final int magic, final byte[] content, final int... sizes) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeInt(magic);
            for (final int size : sizes) {
                data.writeInt(size);
            }
            data.write(content);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] compressed(final byte[] content) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Four files with so many images of 28 by 28, the label of image i being i mod 10. */
    public static void writeSet(final Path directory, final int trainCount, final int testCount) throws IOException {
        writePart(directory, "train", trainCount);
        writePart(directory, "t10k", testCount);
    }

    private static void writePart(final Path directory, final String part, final int count) throws IOException {
        final byte[] pixels = new byte[count * 784];
        final byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
            pixels[i * 784] = (byte) i;
        }
        Files.write(directory.resolve(part + "-images-idx3-ubyte"), of(IMAGES, pixels, count, 28, 28));
        Files.write(directory.resolve(part + "-labels-idx1-ubyte.gz"), compressed(of(LABELS, labels, count)));
    }
}
