package io.signvote.tools.run;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret of one job, in a file that its owner alone may read, for as long as the job runs. A launcher that is killed
 * outright leaves the file behind; it is of no use once its job has ended.
 */
final class SecretFile implements AutoCloseable {
    private static final int SECRET_LENGTH = 32;

    private final Path path;
    private final byte[] bytes;

    private SecretFile(final Path path, final byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /**
     * Draws a secret and writes it.
     *
     * @return an open file; close it to delete it.
     */
    static SecretFile create() {
        final byte[] secret = new byte[SECRET_LENGTH];
        new SecureRandom().nextBytes(secret);
        try {
            final Path path = Files.createTempFile(
                    "signvote-",
                    ".secret",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            final byte[] bytes = HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII);
            final SecretFile file = new SecretFile(path, bytes);
            try {
                Files.write(path, bytes, StandardOpenOption.TRUNCATE_EXISTING);
            } catch (final IOException e) {
                file.close();
                throw e;
            }
            return file;
        } catch (final IOException e) {
            throw new ConfigurationException(
                    "the job's secret cannot be written to " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage() + ", make room there or set -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    /**
     * Where it is.
     *
     * @return absolute path.
     */
    Path path() {
        return path.toAbsolutePath();
    }

    /**
     * What is in it.
     *
     * @return secret.
     */
    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            throw new UncheckedIOException("the job's secret " + path + " cannot be deleted, delete it by hand", e);
        }
    }
}
