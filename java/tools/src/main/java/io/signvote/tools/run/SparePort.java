package io.signvote.tools.run;

import io.signvote.error.RendezvousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A reserved TCP port of this host on which no process listens. While it is open, the system assigns it to no other
 * socket. A program that binds it by number with SO_REUSEADDR, such as PyTorch's TCPStore, can listen there. Linux
 * allows this beside a socket that has the option too and does not listen.
 */
final class SparePort implements AutoCloseable {
    private final SocketChannel holder;
    private final int number;

    private SparePort(final SocketChannel holder, final int number) {
        this.holder = holder;
        this.number = number;
    }

    /**
     * Reserves a port.
     *
     * @return a port that is reserved until it is closed.
     * @throws RendezvousException if the system has no free port.
     */
    static SparePort take() {
        try {
            final SocketChannel holder = SocketChannel.open();
            holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new SparePort(holder, ((InetSocketAddress) holder.getLocalAddress()).getPort());
        } catch (final IOException e) {
            throw new RendezvousException("no free TCP port for MASTER_PORT: " + e.getMessage(), e);
        }
    }

    int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
