package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * Socket buffers as the kernel grants them. The kernel reduces a length beyond its limit without an error. So this
 * class sets a length and reads it back.
 *
 * @param receiveLength SO_RCVBUF read back.
 * @param sendLength SO_SNDBUF read back.
 */
record SocketBuffers(int receiveLength, int sendLength) {
    /** Requires the length of the settings. Without one, it accepts less than the wanted length, and adds a note. */
    static SocketBuffers of(final AeronSettings settings, final List<String> notes) {
        if (settings.socketBufferLength() != 0) {
            return demand(settings.socketBufferLength());
        }
        final int wanted = LinkGeometry.SOCKET_BUFFER_WANTED;
        final SocketBuffers granted = probe(wanted);
        if (granted.receiveLength < wanted || granted.sendLength < wanted) {
            notes.add("SO_RCVBUF=" + granted.receiveLength + " SO_SNDBUF=" + granted.sendLength + " granted of wanted="
                    + wanted + ", windows are smaller for it, " + remedy(wanted));
        }
        return granted;
    }

    /** Requests a length, and reads the granted length. */
    static SocketBuffers probe(final int wanted) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, wanted);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, wanted);
            return new SocketBuffers(
                    Math.min(wanted, channel.getOption(StandardSocketOptions.SO_RCVBUF)),
                    Math.min(wanted, channel.getOption(StandardSocketOptions.SO_SNDBUF)));
        } catch (final IOException ex) {
            throw new ConfigurationException("a UDP socket cannot be opened: " + ex.getMessage(), ex);
        }
    }

    private static SocketBuffers demand(final int length) {
        final SocketBuffers granted = probe(length);
        if (granted.receiveLength < length || granted.sendLength < length) {
            throw new ConfigurationException("socketBufferLength=" + length
                    + " is required, but the system granted SO_RCVBUF=" + granted.receiveLength + " SO_SNDBUF="
                    + granted.sendLength + ", " + remedy(length));
        }
        return granted;
    }

    /** The command that raises the kernel's limits. */
    static String remedy(final int length) {
        return "run as root: sysctl -w net.core.rmem_max=" + length + " net.core.wmem_max=" + length;
    }
}
