package io.signvote.tools.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The launcher's two output streams, shared by all ranks. A line is written as a whole. Thread-safe. If nobody reads
 * the streams, the ranks block on output, as with a pipe.
 */
final class Console {
    private final OutputStream out;
    private final OutputStream err;
    private OutputStream midLine;

    Console(final OutputStream out, final OutputStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Writes one line.
     *
     * @param isError to standard error, else to standard output.
     * @param line with its line feed.
     */
    synchronized void line(final boolean isError, final byte[] line) {
        if (midLine != null) {
            write(midLine, new byte[] {'\n'}, 1);
            midLine = null;
        }
        write(isError ? err : out, line, line.length);
    }

    /**
     * Writes bytes as they come. If a line is unfinished, the next output of another rank starts on a new line.
     *
     * @param isError to standard error, else to standard output.
     * @param bytes to write.
     * @param length number of bytes, at least 1.
     */
    synchronized void raw(final boolean isError, final byte[] bytes, final int length) {
        final OutputStream stream = isError ? err : out;
        write(stream, bytes, length);
        midLine = bytes[length - 1] == '\n' ? null : stream;
    }

    /**
     * Writes a message of the launcher's own to standard error.
     *
     * @param message without a line feed.
     */
    void say(final String message) {
        line(true, ("signvote run: " + message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void write(final OutputStream stream, final byte[] bytes, final int length) {
        try {
            stream.write(bytes, 0, length);
            stream.flush();
        } catch (final IOException e) {
            // the reader of the output is gone; the ranks go on, and their exit codes still count
            return;
        }
    }
}
