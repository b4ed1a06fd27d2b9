package io.signvote.optim;

import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The saved form of an optimiser, little-endian.
 *
 * <pre>
 * "SIGNUM01" | count uint64 | step uint64 | momentum float32[count] | CRC-32 of all before, uint32
 * </pre>
 */
final class SignumState {
    private static final long MAGIC = 0x31304D55_4E474953L;
    private static final int HEADER_LENGTH = 24;
    private static final int BLOCK_LENGTH = 1 << 16;

    private SignumState() {}

    static void write(final OutputStream target, final OffHeap momentum, final long count, final long step)
            throws IOException {
        final CRC32 crc = new CRC32();
        final byte[] block = new byte[BLOCK_LENGTH];
        final ByteBuffer header = little(block).putLong(MAGIC).putLong(count).putLong(step);
        put(target, crc, block, header.position());
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        for (long done = 0; done < count * 4; ) {
            final int length = (int) Math.min(BLOCK_LENGTH, count * 4 - done);
            view.wrap(momentum.address() + done, length);
            view.getBytes(0, block, 0, length);
            put(target, crc, block, length);
            done += length;
        }
        target.write(block, 0, little(block).putInt((int) crc.getValue()).position());
    }

    static long read(final InputStream source, final OffHeap momentum, final long count) throws IOException {
        final CRC32 crc = new CRC32();
        final byte[] block = new byte[BLOCK_LENGTH];
        take(source, crc, block, HEADER_LENGTH);
        final ByteBuffer header = little(block);
        if (header.getLong() != MAGIC) {
            throw new IOException("not a saved Signum state: it does not begin with SIGNUM01");
        }
        final long savedCount = header.getLong();
        final long step = header.getLong();
        if (savedCount != count) {
            throw new ConfigurationException("saved state has count=" + savedCount + ", this optimiser count=" + count
                    + ", make one of that size");
        }
        try (OffHeap read = new OffHeap(count * 4)) {
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            for (long done = 0; done < count * 4; ) {
                final int length = (int) Math.min(BLOCK_LENGTH, count * 4 - done);
                take(source, crc, block, length);
                view.wrap(read.address() + done, length);
                view.putBytes(0, block, 0, length);
                done += length;
            }
            final int expected = (int) crc.getValue();
            take(source, crc, block, Integer.BYTES);
            if (little(block).getInt() != expected || step < 0) {
                throw new IOException("saved Signum state is broken: its checksum does not match");
            }
            Copies.copy(read.address(), momentum.address(), count * 4);
        }
        return step;
    }

    private static ByteBuffer little(final byte[] block) {
        return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(final OutputStream target, final CRC32 crc, final byte[] block, final int length)
            throws IOException {
        crc.update(block, 0, length);
        target.write(block, 0, length);
    }

    private static void take(final InputStream source, final CRC32 crc, final byte[] block, final int length)
            throws IOException {
        if (source.readNBytes(block, 0, length) < length) {
            throw new EOFException("saved Signum state is cut short");
        }
        crc.update(block, 0, length);
    }
}
