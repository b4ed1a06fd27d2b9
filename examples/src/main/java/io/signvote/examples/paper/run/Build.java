package io.signvote.examples.paper.run;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** What this program is made of, so that results of another are not taken for its own. */
public final class Build {
    private Build() {}

    /** {@return of all jars and classes that this Java runs} */
    public static String here() {
        return of(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList());
    }

    /**
     * A checksum.
     *
     * @param paths of files, or of directories with all that is in them; those that are not there add nothing.
     * @return hexadecimal.
     */
    public static String of(final List<Path> paths) {
        final CRC32 crc = new CRC32();
        for (final Path path : paths) {
            try (Stream<Path> found = Files.exists(path) ? Files.walk(path) : Stream.empty()) {
                for (final Path file :
                        found.filter(Files::isRegularFile).sorted().toList()) {
                    crc.update(Files.readAllBytes(file));
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Long.toHexString(crc.getValue());
    }
}
