package io.signvote.jmh.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Plain sweeps over memory in C, {@code native/bench/sweeps.c}: what this core can do with ordinary 32-byte loads and
 * stores, and so what a kernel over the same bytes is measured against. Lengths are bytes and multiples of {@link
 * #STEP}.
 */
final class Sweeps {
    /** What lengths are multiples of. */
    static final int STEP = 128;

    private static final String FILE = "libsignvote-sweeps.so";

    static {
        load();
    }

    private Sweeps() {}

    /** Reads every byte. */
    static native long read(long source, long length);

    /** Reads every byte of the source and writes every byte of the target. */
    static native void copy(long source, long target, long length);

    /** As {@link #copy}, by the C library, which may bypass the cache when it writes. */
    static native void memcpy(long source, long target, long length);

    /** Reads and writes every byte in place. */
    static native void update(long target, long length);

    /** Reads every byte of the source, and reads and writes every byte of the target in place. */
    static native void merge(long source, long target, long length);

    /** The least length for a sweep that covers a number of bytes. */
    static long lengthOf(final double bytes) {
        return (long) Math.ceil(bytes / STEP) * STEP;
    }

    private static void load() {
        try (InputStream packed = Sweeps.class.getResourceAsStream(FILE)) {
            if (packed == null) {
                throw new IllegalStateException("no resource " + FILE + ", build the native module first");
            }
            final Path directory = Files.createTempDirectory("signvote-sweeps-");
            final Path file = directory.resolve(FILE);
            Files.copy(packed, file);
            try {
                System.load(file.toString());
            } finally {
                Files.delete(file);
                Files.delete(directory);
            }
        } catch (final IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
