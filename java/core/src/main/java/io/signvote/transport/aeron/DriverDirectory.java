package io.signvote.transport.aeron;

import io.signvote.bits.Hash;
import io.signvote.error.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Directories of our media drivers. Each driver has its own, named after its process:
 * {@code signvote-<pid namespace>-<pid>-<start time>-<random>}. A killed process leaves its directory and the memory in
 * it behind. The next process that starts deletes the directory, if its name proves that its process is gone. Processes
 * of another pid namespace are not visible, so their directories stay. All users may write to the parent directory. So
 * directories of other users are left alone, and symbolic links are not followed.
 */
final class DriverDirectory {
    private static final String PREFIX = "signvote-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})-(\\d{1,18})-(\\d{1,18})-[0-9a-f]{8}");
    private static final String DRIVER = "driver-monotonic";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path SELF = Path.of("/proc/self");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");

    // Field 22 of /proc/<pid>/stat, counted from the end of the command name, which may contain blanks and parentheses.
    private static final int START_TIME_FIELD = 19;
    private static final long UNKNOWN = 0;

    private DriverDirectory() {}

    /** Parent of driver directories: a file system in memory if there is one. */
    static Path parent(final Path wanted) {
        final Path parent = wanted != null
                ? wanted
                : Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new ConfigurationException(
                    "memoryDirectory=" + parent + " is not a writable directory, name another");
        }
        return parent;
    }

    /**
     * Makes a directory that no other driver uses and no other user may enter. Aeron deletes its directory and makes it
     * anew, readable for all users. So this makes a private directory around it.
     *
     * @return path of the driver's own directory inside; {@link #release} deletes both.
     */
    static Path create(final Path parent) {
        final long pid = ProcessHandle.current().pid();
        final String random = UUID.randomUUID().toString().substring(0, 8);
        final Path ours = parent.resolve(PREFIX + pidNamespace() + '-' + pid + '-' + startTime(pid) + '-' + random);
        try {
            return Files.createDirectory(ours, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                    .resolve(DRIVER);
        } catch (final IOException | UnsupportedOperationException ex) {
            throw new ConfigurationException(
                    "memoryDirectory=" + parent + ": cannot make a private directory in it: " + ex + ", name another",
                    ex);
        }
    }

    /**
     * Whether {@link #create} made a driver directory, in this process or another of this build. Its name shows this.
     * The driver in such a directory uses {@link DriverLauncher#CLOCK}.
     */
    static boolean isOfOurDriver(final Path driverDirectory) {
        final Path real = realPath(driverDirectory);
        return real.endsWith(DRIVER)
                && NAME.matcher(String.valueOf(real.getParent().getFileName())).matches();
    }

    private static Path realPath(final Path path) {
        try {
            return path.toRealPath();
        } catch (final IOException ex) {
            return path.toAbsolutePath(); // the driver has yet to make it
        }
    }

    /** Deletes the directories that {@link #create} made. The driver must have ended. */
    static void release(final Path driverDirectory) {
        delete(driverDirectory.getParent());
    }

    /**
     * Deletes the directories that dead processes of this user left.
     *
     * @param notes gets a line for each.
     */
    static void sweep(final Path parent, final List<String> notes) {
        for (final Path directory : all(parent)) {
            if (isDead(directory.getFileName().toString())) {
                notes.add(
                        delete(directory)
                                ? "removed what a dead process left in " + directory
                                : "a dead process left " + directory + ", which cannot be removed, remove it by hand");
            }
        }
    }

    /**
     * Deletes a directory and all files below it. Links are deleted and not followed. Files that another process
     * deletes at the same time count as deleted.
     *
     * @return whether it is gone.
     */
    static boolean delete(final Path directory) {
        try {
            Files.walkFileTree(directory, new Removal());
        } catch (final IOException ex) {
            // the result is whether the directory still exists
        }
        return Files.notExists(directory, LinkOption.NOFOLLOW_LINKS);
    }

    /** Bytes that drivers of this user hold at present. */
    static long heldLength(final Path parent) {
        return all(parent).stream().mapToLong(DriverDirectory::length).sum();
    }

    /** Bytes of all files below a directory; 0 if it cannot be read. A file that vanishes meanwhile counts 0. */
    static long length(final Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (final IOException | java.io.UncheckedIOException ex) {
            return 0;
        }
    }

    /**
     * An identity of a directory. Two members have equal identities only if they use the same directory of the same
     * kernel.
     */
    static String identity(final Path directory) {
        try {
            final Path real = directory.toRealPath();
            final Object inode = Files.getAttribute(real, "unix:ino");
            final Object device = Files.getAttribute(real, "unix:dev");
            return read(BOOT_ID) + ':' + device + ':' + inode + ':' + real;
        } catch (final IOException ex) {
            throw new ConfigurationException(
                    "driverDirectory=" + directory + " cannot be read: " + ex.getMessage(), ex);
        }
    }

    /** A number of the file system of a directory. Two are equal only if they are the same file system of the same kernel. */
    static long memoryId(final Path directory) {
        try {
            final String name = read(BOOT_ID) + ':' + Files.getAttribute(directory.toRealPath(), "unix:dev");
            long id = Hash.EMPTY;
            for (int i = 0; i < name.length(); i++) {
                id = Hash.add(id, name.charAt(i));
            }
            return id;
        } catch (final IOException ex) {
            throw new ConfigurationException(
                    "driverDirectory=" + directory + " cannot be read: " + ex.getMessage(), ex);
        }
    }

    private static List<Path> all(final Path parent) {
        final List<Path> directories = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (final Path path : stream) {
                if (NAME.matcher(path.getFileName().toString()).matches() && isOurs(path)) {
                    directories.add(path);
                }
            }
        } catch (final IOException ex) {
            directories.clear(); // nothing we may read is nothing we may sweep
        }
        return directories;
    }

    /** Whether the path is a directory of the current user, and not a link to one. */
    private static boolean isOurs(final Path path) {
        try {
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(SELF));
        } catch (final IOException ex) {
            return false; // it has just gone, or there is no telling whose it is
        }
    }

    private static boolean isDead(final String name) {
        final Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != pidNamespace()) {
            return false;
        }
        final long pid = Long.parseLong(matcher.group(2));
        final long then = Long.parseLong(matcher.group(3));
        if (ProcessHandle.of(pid).isEmpty()) {
            return true;
        }
        final long now = startTime(pid);
        return then != UNKNOWN && now != UNKNOWN && then != now;
    }

    /**
     * Time at which a process started, in clock ticks after boot. Pids are used again; a pid with its start time is
     * unique.
     */
    static long startTime(final long pid) {
        final String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        return fields.length > START_TIME_FIELD ? Long.parseLong(fields[START_TIME_FIELD]) : UNKNOWN;
    }

    /** Number of the pid namespace of this process. */
    static long pidNamespace() {
        try {
            final String link = Files.readSymbolicLink(PID_NAMESPACE).toString();
            return Long.parseLong(link.replaceAll("\\D", ""));
        } catch (final IOException | NumberFormatException ex) {
            return UNKNOWN;
        }
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).trim();
        } catch (final IOException ex) {
            return "";
        }
    }

    /** Deletes files, then their directory. A file that it cannot delete stays, and so do its parents. */
    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException problem) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path directory, final IOException problem) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
