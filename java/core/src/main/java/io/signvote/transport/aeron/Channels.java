package io.signvote.transport.aeron;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.signvote.transport.Endpoint;

/**
 * Writes channel URIs. They contain every length, because an external driver has its own defaults. Without them, IPC
 * would use terms of 64 MiB and an MTU of 1408 bytes.
 */
final class Channels {
    private Channels() {}

    /** Listens on an address. The first subscription opens the socket, and later ones find it by its tag. */
    static ChannelUriStringBuilder listening(
            final String host, final int port, final long tag, final LinkGeometry geometry) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.UDP_MEDIA)
                .tags(Long.toString(tag))
                .endpoint(socketAddress(host, port))
                .socketRcvbufLength(geometry.receiveBufferLength())
                .socketSndbufLength(geometry.sendBufferLength())
                .receiverWindowLength(geometry.windowLength())
                .sparse(false);
    }

    /** Subscribes to one sender only. The driver drops frames of strangers before they cost an image. */
    static String from(final ChannelUriStringBuilder listening, final int sessionId) {
        return listening.sessionId(sessionId).build();
    }

    /** Subscribes to one sender through shared memory. */
    static String fromLocal(final int sessionId) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.IPC_MEDIA)
                .sessionId(sessionId)
                .build();
    }

    /** Sends to a member over UDP. */
    static String to(final Endpoint peer, final int sessionId, final int mtuLength, final LinkGeometry geometry) {
        return log(CommonContext.UDP_MEDIA, sessionId, mtuLength, geometry)
                .endpoint(socketAddress(peer.host(), peer.port()))
                .socketRcvbufLength(geometry.receiveBufferLength())
                .socketSndbufLength(geometry.sendBufferLength())
                .build();
    }

    /**
     * Sends to a member of the same driver. Once the reader has read all, nothing must be repeated. Without a linger
     * the driver then frees the log at once. With one, successive jobs would hold the logs of five seconds.
     */
    static String toLocal(final int sessionId, final int mtuLength, final LinkGeometry geometry) {
        return log(CommonContext.IPC_MEDIA, sessionId, mtuLength, geometry)
                .linger(0L)
                .build();
    }

    // Not sparse: the file system reserves all pages when the log is made. A full file system is then an error with a
    // message. Otherwise it would be a SIGBUS when a frame is written.
    private static ChannelUriStringBuilder log(
            final String media, final int sessionId, final int mtuLength, final LinkGeometry geometry) {
        return new ChannelUriStringBuilder()
                .media(media)
                .sessionId(sessionId)
                .mtu(mtuLength)
                .termLength(geometry.termLength())
                .sparse(false);
    }

    /** Host and port in Aeron's format. */
    static String socketAddress(final String host, final int port) {
        return host.indexOf(':') >= 0 ? '[' + host + "]:" + port : host + ':' + port;
    }
}
