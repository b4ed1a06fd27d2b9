package io.signvote.examples.paper.run;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Keeps what jobs came to, a file each, named after their keys: what was interrupted goes on where it was. A file is put in place
 * whole or not at all, and is taken only where its first line has the key asked for and the build that asks: another may come to
 * something else.
 */
public final class RunStore {
    private static final String HEAD = "# ";

    private final Path directory;
    private final String build;

    /**
     * A store of this program's results.
     *
     * @param directory made when the first result is kept.
     */
    public RunStore(final Path directory) {
        this(directory, Build.here());
    }

    RunStore(final Path directory, final String build) {
        this.directory = directory;
        this.build = build;
    }

    /**
     * What a job came to, if it is there.
     *
     * @param job to look for.
     * @param <T> kind of its result.
     * @return empty where it was not done yet, or its file is damaged.
     * @throws IOException where a file is there and cannot be read.
     */
    public <T> Optional<T> find(final Job<T> job) throws IOException {
        final List<String> lines;
        try {
            lines = Files.readAllLines(file(job.key()), StandardCharsets.UTF_8);
        } catch (final NoSuchFileException | CharacterCodingException e) {
            return Optional.empty();
        }
        if (lines.isEmpty() || !lines.get(0).equals(head(job))) {
            return Optional.empty();
        }
        try {
            return Optional.of(job.read(lines.subList(1, lines.size())));
        } catch (final IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps a result.
     *
     * @param job    it is of.
     * @param result what the job came to.
     * @param <T>    kind of it.
     * @throws IOException where it cannot be written.
     */
    public <T> void put(final Job<T> job, final T result) throws IOException {
        Files.createDirectories(directory);
        final List<String> lines = new ArrayList<>(List.of(head(job)));
        lines.addAll(job.write(result));
        final Path unfinished = Files.createTempFile(directory, "run", ".part");
        try {
            Files.write(unfinished, lines, StandardCharsets.UTF_8);
            Files.move(
                    unfinished, file(job.key()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private String head(final Job<?> job) {
        return HEAD + job.key() + "; build=" + build;
    }

    private Path file(final String key) {
        final CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return directory.resolve(String.format("%08x%08x.csv", crc.getValue(), key.hashCode()));
    }
}
