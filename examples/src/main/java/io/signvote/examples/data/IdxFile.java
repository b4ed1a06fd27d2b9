package io.signvote.examples.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of unsigned bytes in the IDX format, plain or compressed by gzip: two zero bytes, the type (8: unsigned byte), the
 * number of dimensions, each dimension as a big-endian 32-bit integer, then the bytes, last dimension fastest.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">the format, at the end of the page</a>
 */
final class IdxFile {
    private static final int UNSIGNED_BYTE = 8;
    /** Bytes of content, far above the 47 MB of the largest file known and far below what breaks an array. */
    private static final long LIMIT = 1L << 30;

    private final Path path;
    private final int[] sizes;
    private final byte[] bytes;

    private IdxFile(final Path path, final int[] sizes, final byte[] bytes) {
        this.path = path;
        this.sizes = sizes;
        this.bytes = bytes;
    }

    /**
     * Reads a file whole.
     *
     * @param directory  where it lies.
     * @param name       without .gz; the plain file is preferred.
     * @param dimensions expected.
     * @return sizes and bytes.
     * @throws IOException naming the file, what is wrong with it, and the remedy.
     */
    static IdxFile read(final Path directory, final String name, final int dimensions) throws IOException {
        final Path plain = directory.resolve(name);
        final Path compressed = directory.resolve(name + ".gz");
        if (Files.isRegularFile(plain)) {
            return read(plain, false, dimensions);
        }
        if (Files.isRegularFile(compressed)) {
            return read(compressed, true, dimensions);
        }
        throw new IOException("neither " + plain + " nor " + compressed.getFileName()
                + " is there; all four files of Fashion-MNIST must be in one directory");
    }

    /** Size of a dimension, the slowest first. */
    int size(final int dimension) {
        return sizes[dimension];
    }

    /** The content, not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Path and dimensions, for messages. */
    @Override
    public String toString() {
        return path + Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x", " (", ")"));
    }

    private static IdxFile read(final Path path, final boolean isCompressed, final int dimensions) throws IOException {
        try (InputStream file = Files.newInputStream(path);
                InputStream content =
                        isCompressed ? new GZIPInputStream(file, 1 << 16) : new BufferedInputStream(file);
                DataInputStream data = new DataInputStream(content)) {
            return read(path, data, dimensions);
        } catch (final ZipException e) {
            throw new IOException(path + " is not a sound gzip file (" + e.getMessage() + "); fetch it again", e);
        } catch (final EOFException e) {
            throw new IOException(
                    path + " is cut short (" + Files.size(path) + " bytes on disk end too early); fetch it again", e);
        }
    }

    private static IdxFile read(final Path path, final DataInputStream data, final int dimensions) throws IOException {
        final int magic = data.readInt();
        final int expected = UNSIGNED_BYTE << 8 | dimensions;
        if (magic != expected) {
            throw new IOException(String.format(
                    "%s begins with 0x%08x, expected 0x%08x (IDX, unsigned bytes, %d dimensions): another kind of file,"
                            + " or images and labels swapped",
                    path, magic, expected, dimensions));
        }
        final int[] sizes = new int[dimensions];
        long total = 1;
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = data.readInt();
            if (sizes[i] < 0 || (sizes[i] > 0 && total > LIMIT / sizes[i])) {
                throw new IOException(path + ": dimension " + i + " is " + Integer.toUnsignedString(sizes[i])
                        + ", more than 1 GiB in all; the file is damaged, fetch it again");
            }
            total *= sizes[i];
        }
        final byte[] bytes = data.readNBytes((int) total);
        if (bytes.length < total) {
            throw new IOException(path + " is cut short: " + bytes.length + " of " + total + " bytes of content"
                    + "; fetch it again");
        }
        if (data.read() >= 0) {
            throw new IOException(
                    path + " goes on after the " + total + " bytes that its header announces; fetch it again");
        }
        return new IdxFile(path, sizes, bytes);
    }
}
