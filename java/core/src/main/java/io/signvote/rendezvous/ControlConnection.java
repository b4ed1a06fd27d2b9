package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One control connection: whole frames in, whole frames out, never waiting. A frame is a 32-bit length and that many bytes; a
 * length beyond the bound ends the connection before anything is allocated for it. Owned by one thread.
 */
final class ControlConnection implements AutoCloseable {
    private static final int LENGTH_LENGTH = Integer.BYTES;
    private static final int SMALL_INPUT_LENGTH = LENGTH_LENGTH + Control.MAX_REQUEST_LENGTH;

    private final SocketChannel channel;
    private final String remote;
    private final Deque<ByteBuffer> output = new ArrayDeque<>();
    private ByteBuffer input = newInput(SMALL_INPUT_LENGTH);
    private int maxFrameLength = Control.MAX_GREETING_LENGTH;
    private long waitingLength;
    private Seal outbound;
    private Seal inbound;

    /** Takes a connected channel over and makes it non-blocking. */
    ControlConnection(final SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        remote = describe((InetSocketAddress) channel.getRemoteAddress());
    }

    /** An address as messages show it. */
    static String describe(final InetSocketAddress address) {
        final InetAddress host = address.getAddress();
        if (host == null) {
            return address.getHostString() + ":" + address.getPort();
        }
        final String numeric = host.getHostAddress();
        return (numeric.indexOf(':') < 0 ? numeric : "[" + numeric + "]") + ":" + address.getPort();
    }

    SocketChannel channel() {
        return channel;
    }

    /** Numeric address and port of the other side. */
    String remote() {
        return remote;
    }

    /** From now on frames may be as long as this. */
    void maxFrameLength(final int maxFrameLength) {
        this.maxFrameLength = maxFrameLength;
    }

    /** From now on frames sent are tagged, and frames received can be opened. */
    void seal(final Seal outbound, final Seal inbound) {
        this.outbound = outbound;
        this.inbound = inbound;
    }

    /** Checks the tag of a frame that {@link #poll} returned, and takes it off. */
    byte[] open(final byte[] frame) {
        return inbound.open(frame);
    }

    /** Adds a frame to what waits to be written, with a tag once there are keys. The body is not copied. */
    void send(final byte[] body) {
        final byte[] tag = outbound == null ? new byte[0] : outbound.tag(body);
        final ByteBuffer length = ByteBuffer.allocate(LENGTH_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        length.putInt(0, body.length + tag.length);
        output.add(length);
        output.add(ByteBuffer.wrap(body));
        output.add(ByteBuffer.wrap(tag));
        waitingLength += LENGTH_LENGTH + body.length + tag.length;
    }

    /**
     * Writes what the socket takes.
     *
     * @return whether nothing is left.
     */
    boolean flush() throws IOException {
        while (!output.isEmpty()) {
            final long written = channel.write(output.toArray(new ByteBuffer[0]));
            waitingLength -= written;
            while (!output.isEmpty() && !output.peek().hasRemaining()) {
                output.poll();
            }
            if (written == 0) {
                return output.isEmpty();
            }
        }
        return true;
    }

    /** Bytes that wait to be written. */
    long waitingLength() {
        return waitingLength;
    }

    /**
     * Reads once.
     *
     * @return bytes read, or -1 after the other side has closed.
     */
    int read() throws IOException {
        return channel.read(input);
    }

    /** Forgets what was read. */
    void discard() {
        input.clear();
    }

    /**
     * Takes the next whole frame out of what was read.
     *
     * @return it, or null where it has not all come.
     * @throws ProtocolException if its length is not one that a frame can have now.
     */
    byte[] poll() {
        if (input.position() < LENGTH_LENGTH) {
            return null;
        }
        final int length = input.getInt(0);
        if (length < 1 || length > maxFrameLength) {
            throw new ProtocolException(remote + ": control frame of " + Integer.toUnsignedString(length)
                    + " bytes, at most " + maxFrameLength + " are expected");
        }
        final int end = LENGTH_LENGTH + length;
        if (input.position() < end) {
            if (input.capacity() < end) {
                input = newInput(end).put(input.flip());
            }
            return null;
        }
        final byte[] frame = Arrays.copyOfRange(input.array(), LENGTH_LENGTH, end);
        input.flip().position(end);
        input.compact();
        return frame;
    }

    /** Says that nothing more will be sent. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        output.clear();
        try {
            channel.close();
        } catch (final IOException ignore) {
            // it is gone either way
        }
    }

    private static ByteBuffer newInput(final int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
