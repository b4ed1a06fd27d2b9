package io.signvote.kernel.jni;

import io.signvote.build.Build;
import io.signvote.build.NativeResources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/**
 * Finds and loads {@code libsignvote.so}. If a path is given, it tries only that file. Otherwise it extracts the packed
 * resource to a private directory, and then tries {@code java.library.path}. The outcome is a value: null, or the first
 * error.
 */
final class NativeLibrary {
    static final String NAME = "signvote";

    private static final String FILE = "lib" + NAME + ".so";
    private static final String PLATFORM = platform();
    private static final String RESOURCE = PLATFORM + "/" + FILE;

    private NativeLibrary() {}

    /**
     * Loads the library and compares its ABI and its build.
     *
     * @param namedPath the only file to try, or null for the usual places.
     * @return null if the library is loaded, else the first cause.
     */
    static Throwable load(final String namedPath) {
        try {
            final String loaded;
            if (namedPath != null) {
                loaded = Path.of(namedPath).toAbsolutePath().toString();
                System.load(loaded);
            } else {
                loaded = loadPacked();
            }
            checkAbi(NativeMethods.abi(), loaded);
            checkBuild(Build.current(), Build.of(NativeMethods.identity()), loaded);
            return null;
        } catch (final LinkageError | IOException | RuntimeException cause) {
            return cause;
        }
    }

    /** Describes the build of the packed library, for people. */
    static String build() {
        try {
            final Properties build = NativeResources.build(PLATFORM);
            if (build.isEmpty()) {
                return "no resource " + NativeResources.path(PLATFORM + "/build.properties");
            }
            return "abi " + build.getProperty("abi") + ", compiler " + build.getProperty("compiler") + ", flags "
                    + build.getProperty("flags") + ", tiers " + build.getProperty("tiers") + ", cuda "
                    + build.getProperty("cuda") + ", nvcc " + build.getProperty("nvcc") + ", commit "
                    + build.getProperty("commit") + ", natives " + build.getProperty("natives");
        } catch (final IOException cause) {
            return "unreadable resource " + NativeResources.path(PLATFORM + "/build.properties") + ": "
                    + cause.getMessage();
        }
    }

    static void checkAbi(final int abi, final String loaded) {
        if (abi != NativeMethods.ABI) {
            throw new UnsatisfiedLinkError(loaded + " has abi=" + abi + ", expected " + NativeMethods.ABI
                    + ", use the library that was built with this jar (mvn package builds both)");
        }
    }

    static void checkBuild(final Build jar, final Build library, final String loaded) {
        final String refusal = jar.refusalOf(library, loaded);
        if (refusal != null) {
            throw new UnsatisfiedLinkError(refusal);
        }
    }

    /**
     * Loads the packed library, or else a library of {@code java.library.path}. Returns its name and origin, for
     * messages.
     */
    private static String loadPacked() throws IOException {
        Throwable first = null;
        try (InputStream packed = NativeResources.open(RESOURCE)) {
            if (packed != null) {
                loadExtracted(packed);
                return NativeResources.origin(RESOURCE);
            }
            first = new UnsatisfiedLinkError("no resource " + NativeResources.path(RESOURCE));
        } catch (final LinkageError | IOException cause) {
            first = cause;
        }
        try {
            System.loadLibrary(NAME);
            return FILE + " (of java.library.path " + System.getProperty("java.library.path") + ")";
        } catch (final LinkageError second) {
            first.addSuppressed(second);
            if (first instanceof LinkageError error) {
                throw error;
            }
            throw (IOException) first;
        }
    }

    /**
     * Loads the library from a private directory, so that no other user can put a file there. Deletes the directory as
     * soon as the library is mapped.
     */
    private static void loadExtracted(final InputStream packed) throws IOException {
        final Path directory = Files.createTempDirectory("signvote-native-");
        final Path file = directory.resolve(FILE);
        try {
            Files.copy(packed, file);
            System.load(file.toString());
        } catch (final UnsatisfiedLinkError e) {
            throw explained(e, directory.getParent());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    /** Adds the usual reason if a library cannot be mapped: the directory for temporary files is mounted noexec. */
    static UnsatisfiedLinkError explained(final UnsatisfiedLinkError error, final Path temporary) {
        if (!String.valueOf(error.getMessage()).contains("failed to map segment")) {
            return error;
        }
        final UnsatisfiedLinkError clear = new UnsatisfiedLinkError(error.getMessage() + ": " + temporary
                + " is mounted noexec, so libraries in it cannot be loaded; set java.io.tmpdir to another directory");
        clear.initCause(error);
        return clear;
    }

    private static String platform() {
        final String architecture = System.getProperty("os.arch");
        final String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return system + "-" + ("amd64".equals(architecture) ? "x86_64" : architecture);
    }
}
