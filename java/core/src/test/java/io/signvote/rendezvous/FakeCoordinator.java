package io.signvote.rendezvous;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Answers one connection as a test wants it answered, then reads until that is closed. */
final class FakeCoordinator implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 10_000;

    /** What it does with the connection. */
    interface Answer {
        void to(FakeCoordinator coordinator) throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private Socket socket;

    FakeCoordinator(final Answer answer) throws IOException {
        final Thread thread = new Thread(() -> run(answer), "fake-coordinator");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    byte[] read() throws IOException {
        final InputStream input = socket.getInputStream();
        final byte[] length = input.readNBytes(4);
        return input.readNBytes(length[0] & 0xFF | (length[1] & 0xFF) << 8);
    }

    void write(final byte[] body, final byte... tag) throws IOException {
        final int length = body.length + tag.length;
        writeBytes(new byte[] {(byte) length, (byte) (length >> 8), 0, 0});
        writeBytes(body);
        writeBytes(tag);
    }

    void writeBytes(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private void run(final Answer answer) {
        try (Socket accepted = server.accept()) {
            accepted.setSoTimeout(READ_TIMEOUT_MS);
            socket = accepted;
            answer.to(this);
            accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (final IOException ignore) {
            // the test has ended
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
