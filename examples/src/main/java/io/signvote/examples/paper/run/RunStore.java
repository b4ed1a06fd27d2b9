package io.signvote.examples.paper.run;

import io.signvote.examples.net.Score;
import java.io.IOException;
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
 * Keeps what runs came to, a file each, named after their settings: what was interrupted goes on where it was. A file is put in
 * place whole or not at all, and is taken only where the settings in its first line are those asked for.
 */
public final class RunStore {
    private static final String HEAD = "# ";
    private static final String COLUMNS = "step,epoch,bytes,loss,right,count";

    private final Path directory;

    /**
     * A store.
     *
     * @param directory made when the first run is kept.
     */
    public RunStore(final Path directory) {
        this.directory = directory;
    }

    /**
     * What a run came to, if it is there.
     *
     * @param settings of the run.
     * @return empty where it was not run yet, or the file is not whole.
     * @throws IOException where a file is there and cannot be read.
     */
    public Optional<Recording> find(final TrialSettings settings) throws IOException {
        final List<String> lines;
        try {
            lines = Files.readAllLines(file(settings), StandardCharsets.UTF_8);
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        }
        final boolean isWhole = lines.size() == settings.points() + 3
                && lines.get(0).equals(HEAD + settings.key())
                && lines.get(1).equals(COLUMNS);
        return isWhole ? Optional.of(parse(lines.subList(2, lines.size()))) : Optional.empty();
    }

    /**
     * Keeps a run.
     *
     * @param settings  of the run.
     * @param recording what it came to.
     * @throws IOException where it cannot be written.
     */
    public void put(final TrialSettings settings, final Recording recording) throws IOException {
        Files.createDirectories(directory);
        final StringBuilder text = new StringBuilder(HEAD + settings.key() + "\n" + COLUMNS + "\n");
        for (final Point point : recording.points()) {
            final Score score = point.score();
            text.append(point.step())
                    .append(',')
                    .append(point.epoch())
                    .append(',')
                    .append(point.bytes());
            text.append(',').append(score.loss()).append(',').append(score.right());
            text.append(',').append(score.count()).append('\n');
        }
        final Path unfinished = Files.createTempFile(directory, "run", ".part");
        Files.writeString(unfinished, text, StandardCharsets.UTF_8);
        Files.move(unfinished, file(settings), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(final TrialSettings settings) {
        final byte[] key = settings.key().getBytes(StandardCharsets.UTF_8);
        final CRC32 crc = new CRC32();
        crc.update(key);
        return directory.resolve(
                String.format("%08x%08x.csv", crc.getValue(), settings.key().hashCode()));
    }

    private static Recording parse(final List<String> lines) throws IOException {
        final List<Point> points = new ArrayList<>();
        for (final String line : lines) {
            final String[] cells = line.split(",", -1);
            points.add(new Point(
                    Integer.parseInt(cells[0]),
                    Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[2]),
                    new Score(Double.parseDouble(cells[3]), Long.parseLong(cells[4]), Long.parseLong(cells[5]))));
        }
        return new Recording(points);
    }
}
