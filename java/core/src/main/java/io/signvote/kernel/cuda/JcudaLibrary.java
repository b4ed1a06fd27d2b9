package io.signvote.kernel.cuda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import jcuda.JCudaVersion;
import jcuda.LibUtils;

/**
 * Writes a native library of JCuda to the place where JCuda looks for it, before JCuda does. JCuda itself writes it under a fixed
 * name into the directory for temporary files, and loads any file that it finds there. If several processes start at once, one may
 * load half a file. A process that is killed may leave half a file for all later ones. This class writes the file under another
 * name and renames it, which is one step for every reader. It replaces a file whose bytes differ from those in the jar. A rename
 * needs no lock.
 */
public final class JcudaLibrary {
    private JcudaLibrary() {}

    /**
     * Prepares a library for the first touch of the class that loads it.
     *
     * @param name as JCuda has it: JCudaDriver or JCublas2.
     * @param owner a class of the jars of JCuda, which is not initialised.
     * @throws IOException if the file cannot be written, or another user owns a wrong one.
     */
    public static void prepare(final String name, final Class<?> owner) throws IOException {
        final String file =
                LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get()));
        if (isOnLibraryPath(file)) {
            return;
        }
        // the loader's, not the class's: on the module path the natives are another module
        try (InputStream packed = owner.getClassLoader().getResourceAsStream("lib/" + file)) {
            if (packed == null) {
                throw new IOException("no resource /lib/" + file + ", add the natives of jcuda " + JCudaVersion.get()
                        + " for this platform to the class path");
            }
            final Path directory = Path.of(System.getProperty("java.io.tmpdir"));
            Files.createDirectories(directory);
            put(packed.readAllBytes(), directory.resolve(file));
        }
    }

    static void put(final byte[] content, final Path file) throws IOException {
        final Path fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime());
        try {
            if (!Files.exists(file) || !Arrays.equals(content, Files.readAllBytes(file))) {
                Files.write(fresh, content);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (final IOException e) {
            throw new IOException(
                    file + " is not the library of this jar and cannot be replaced: " + e
                            + ", set java.io.tmpdir to a directory of your own",
                    e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean isOnLibraryPath(final String file) {
        return Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
                .anyMatch(place -> !place.isEmpty() && Files.exists(Path.of(place, file)));
    }
}
