package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A member that does only what a test tells it to: no heartbeats, no manners. Reads wait ten seconds at most. */
final class RawMember implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 10_000;

    final Socket socket;
    private final DataInputStream input;
    private final OutputStream output;
    private Seal outbound;
    private Seal inbound;

    RawMember(final int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        input = new DataInputStream(socket.getInputStream());
        output = socket.getOutputStream();
    }

    /** Says hello and derives keys from the answer. */
    RawMember greet(final byte[] secret) throws IOException {
        final byte[] hello = ControlWriter.hello(new Hello(new byte[Control.NONCE_LENGTH]));
        writeFrame(hello);
        final byte[] challenge = readFrame();
        outbound = Seal.fromMember(secret, hello, challenge);
        inbound = Seal.fromCoordinator(secret, hello, challenge);
        return this;
    }

    /** Joins as a rank of the job with these settings. */
    RawMember join(final Jobs.Settings settings, final int rank) throws IOException {
        greet(settings.secret);
        send(wish(settings, rank));
        return this;
    }

    /** Says that it joins and then, in the same packet, that it leaves. */
    void joinAndLeave(final Jobs.Settings settings, final int rank) throws IOException {
        greet(settings.secret);
        final byte[] join = framed(sealed(wish(settings, rank)));
        final byte[] bye = framed(sealed(ControlWriter.bye()));
        write(ByteBuffer.allocate(join.length + bye.length).put(join).put(bye).array());
    }

    /** Closes so that the other side gets a reset and no end of the stream, as from a host that has vanished. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static byte[] wish(final Jobs.Settings settings, final int rank) {
        return ControlWriter.join(new Join(
                rank,
                settings.worldSize,
                settings.hasServer,
                settings.role,
                Jobs.endpoint(rank),
                settings.settings,
                settings.job,
                settings.build));
    }

    /** Sends one message under its tag. */
    byte[] send(final byte[] body) throws IOException {
        final byte[] frame = sealed(body);
        writeFrame(frame);
        return frame;
    }

    /** A message with the next tag. */
    byte[] sealed(final byte[] body) {
        final byte[] tag = outbound.tag(body);
        return ByteBuffer.allocate(body.length + tag.length).put(body).put(tag).array();
    }

    /** Next message that is not a heartbeat. */
    ControlMessage next() throws IOException {
        ControlMessage message;
        do {
            message = nextOfAny();
        } while (message instanceof ControlMessage.Heartbeat);
        return message;
    }

    /** Next message. */
    ControlMessage nextOfAny() throws IOException {
        return ControlReader.read(inbound.open(readFrame()));
    }

    void writeFrame(final byte[] frame) throws IOException {
        write(framed(frame));
    }

    private static byte[] framed(final byte[] frame) {
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    void write(final byte[] bytes) throws IOException {
        output.write(bytes);
        output.flush();
    }

    byte[] readFrame() throws IOException {
        final byte[] frame = new byte[Integer.reverseBytes(input.readInt())];
        input.readFully(frame);
        return frame;
    }

    /** Reads until the other side closes. */
    void awaitClosed() throws IOException {
        try {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (final java.net.SocketException reset) {
            // as closed as it gets
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
