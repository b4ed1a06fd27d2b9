package io.signvote.tools.run;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Cuts a rank's output into whole lines with a prefix. A carriage return overwrites a line, as in progress bars.
 * Overwritten text is passed on at most once a second, other text always. Owned by one thread.
 */
final class LineSplitter {
    /** Longest line in bytes. A longer line is cut, so that a rank that never ends a line cannot fill the memory. */
    static final int MAX_LINE_LENGTH = 64 * 1024;

    /** Least time between two states of a progress bar. */
    static final long FRAME_INTERVAL_NS = 1_000_000_000L;

    private final byte[] prefix;
    private final Consumer<byte[]> lines;
    private final LongSupplier nanoClock;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private byte[] overwritten;
    private boolean afterReturn;
    private long nextFrameNs;

    LineSplitter(final byte[] prefix, final Consumer<byte[]> lines, final LongSupplier nanoClock) {
        this.prefix = prefix.clone();
        this.lines = lines;
        this.nanoClock = nanoClock;
        nextFrameNs = nanoClock.getAsLong();
    }

    /**
     * Takes the next bytes.
     *
     * @param bytes of the stream.
     * @param length of them.
     */
    void accept(final byte[] bytes, final int length) {
        for (int i = 0; i < length; i++) {
            final byte value = bytes[i];
            if (value == '\n') {
                endLine();
            } else if (value == '\r') {
                afterReturn = true;
            } else {
                if (afterReturn) {
                    overwrite();
                }
                line.write(value);
                if (line.size() == MAX_LINE_LENGTH) {
                    endLine();
                }
            }
        }
    }

    /** Passes on the text at the end of the stream that has no line feed. */
    void end() {
        if (line.size() > 0 || overwritten != null) {
            endLine();
        }
    }

    private void endLine() {
        emit(line.size() == 0 && overwritten != null ? overwritten : line.toByteArray());
        line.reset();
        overwritten = null;
        afterReturn = false;
    }

    private void overwrite() {
        afterReturn = false;
        if (line.size() == 0) {
            return;
        }
        final long nowNs = nanoClock.getAsLong();
        if (nowNs - nextFrameNs >= 0) {
            emit(line.toByteArray());
            overwritten = null;
            nextFrameNs = nowNs + FRAME_INTERVAL_NS;
        } else {
            overwritten = line.toByteArray();
        }
        line.reset();
    }

    private void emit(final byte[] text) {
        final byte[] whole = Arrays.copyOf(prefix, prefix.length + text.length + 1);
        System.arraycopy(text, 0, whole, prefix.length, text.length);
        whole[whole.length - 1] = '\n';
        lines.accept(whole);
    }
}
