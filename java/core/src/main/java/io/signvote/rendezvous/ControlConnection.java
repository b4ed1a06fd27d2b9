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
 * One control connection. It sends and receives whole frames and never waits. A frame is a 32-bit length and that many
 * bytes. A length beyond the limit ends the connection before anything is allocated for it. Owned by one thread.
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

    /** An address as text for messages. */
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

    /** Sets the greatest length of received frames. */
    void maxFrameLength(final int maxFrameLength) {
        this.maxFrameLength = maxFrameLength;
    }

    /** Sets the keys: from now on sent frames get tags, and {@link #open} checks received frames. */
    void seal(final Seal outbound, final Seal inbound) {
        this.outbound = outbound;
        this.inbound = inbound;
    }

    /** Checks the tag of a frame that {@link #poll} returned, and removes it. */
    byte[] open(final byte[] frame) {
        return inbound.open(frame);
    }

    /** Adds a frame to the waiting output, with a tag once there are keys. Does not copy the body. */
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
     * Writes as much output as the socket accepts.
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

    /** Discards the input. */
    void discard() {
        input.clear();
    }

    /**
     * Takes the next whole frame from the input.
     *
     * @return the frame, or null if it is not complete.
     * @throws ProtocolException if its length is 0 or beyond the limit.
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

    /** Closes the output side. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        output.clear();
        try {
            channel.close();
        } catch (final IOException ignore) {
            // the connection is gone in any case
        }
    }

    private static ByteBuffer newInput(final int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
