package io.signvote.examples.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A text as a sequence of symbols. The characters that occur most are symbols of their own, at most {@link #SYMBOLS_MAX} - 1
 * of them; all others share the last. Not changed after construction, so that all threads may read.
 */
public final class Text {
    /** Most symbols, the shared one included. */
    public static final int SYMBOLS_MAX = 96;

    /** Fewest characters that training, validation and test can be cut from. */
    public static final int LENGTH_MIN = 20_000;

    private static final int LENGTH_MAX = 64 << 20;

    private final String origin;
    private final byte[] symbols;
    private final int symbolCount;

    private Text(final String origin, final byte[] symbols, final int symbolCount) {
        this.origin = origin;
        this.symbols = symbols;
        this.symbolCount = symbolCount;
    }

    /**
     * Reads a file of UTF-8, plain or compressed by gzip (by its name, .gz).
     *
     * @param file to read, up to 64 MiB of it uncompressed.
     * @return its symbols.
     * @throws IOException naming the file, what is wrong with it, and the remedy.
     */
    public static Text read(final Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file; --text takes a text of UTF-8, plain or .gz");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream content = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            return of(
                    String.valueOf(file.getFileName()),
                    new String(content.readNBytes(LENGTH_MAX), StandardCharsets.UTF_8));
        } catch (final ZipException e) {
            throw new IOException(file + " is not a sound gzip file (" + e.getMessage() + "); fetch it again", e);
        }
    }

    /**
     * A text that is there already.
     *
     * @param origin  where it comes from, for people.
     * @param content at least {@link #LENGTH_MIN} characters.
     * @return its symbols.
     * @throws IOException where it is too short.
     */
    public static Text of(final String origin, final String content) throws IOException {
        if (content.length() < LENGTH_MIN) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s holds %,d characters, at least %,d are needed; take a longer text",
                    origin,
                    content.length(),
                    LENGTH_MIN));
        }
        final long[] counts = new long[Character.MAX_VALUE + 1];
        for (int i = 0; i < content.length(); i++) {
            counts[content.charAt(i)]++;
        }
        final int[] codes = new int[counts.length];
        final int symbolCount = assign(counts, codes);
        final byte[] symbols = new byte[content.length()];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = (byte) codes[content.charAt(i)];
        }
        return new Text(origin, symbols, symbolCount);
    }

    /** {@return characters} */
    public int length() {
        return symbols.length;
    }

    /** {@return different symbols} */
    public int symbolCount() {
        return symbolCount;
    }

    /**
     * A character.
     *
     * @param index 0 to length - 1.
     * @return its symbol, 0 to symbolCount - 1.
     */
    public int symbol(final int index) {
        return symbols[index];
    }

    /** {@return a number that texts of other content do not share, but by chance} */
    public int fingerprint() {
        return 31 * Arrays.hashCode(symbols) + symbolCount;
    }

    /** What was read, for people: no path, which would tell of a machine. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %,d characters of %d kinds, fingerprint %08x",
                origin,
                length(),
                symbolCount,
                fingerprint());
    }

    /** Gives the most frequent characters codes, in the order of the characters, and says how many codes there are. */
    private static int assign(final long[] counts, final int[] codes) {
        final long[] ranked = new long[counts.length];
        for (int c = 0; c < counts.length; c++) {
            // by count, then the smaller character first
            ranked[c] = counts[c] << Character.SIZE | Character.MAX_VALUE - c;
        }
        Arrays.sort(ranked);
        final long last = ranked[ranked.length - (SYMBOLS_MAX - 1)];
        int next = 0;
        boolean hasOthers = false;
        for (int c = 0; c < counts.length; c++) {
            final boolean isOwn = counts[c] > 0 && (counts[c] << Character.SIZE | Character.MAX_VALUE - c) >= last;
            codes[c] = isOwn ? next++ : -1;
            hasOthers |= counts[c] > 0 && !isOwn;
        }
        for (int c = 0; c < codes.length; c++) {
            codes[c] = codes[c] < 0 ? next : codes[c];
        }
        return hasOthers ? next + 1 : next;
    }
}
