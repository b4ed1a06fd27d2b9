package io.signvote.transport.aeron;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.signvote.transport.Endpoint;

/**
 * Writes channel URIs. Every length is stated in them, because an external driver has defaults of its own, and so that
 * IPC does not fall back to its 64 MiB terms and 1408 byte MTU.
 */
final class Channels {
    private Channels() {}

    /** Where we listen: opens the socket the first time, finds it by its tag afterwards. */
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

    /** Subscribes to one sender only: the driver drops strangers before they cost an image. */
    static String from(final ChannelUriStringBuilder listening, final int sessionId) {
        return listening.sessionId(sessionId).build();
    }

    /** The same through shared memory. */
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
     * Sends to a member of the same driver. Once that has read all, nothing is left to repeat: without a linger the driver then
     * frees the log at once, or jobs that follow one another would hold those of five seconds.
     */
    static String toLocal(final int sessionId, final int mtuLength, final LinkGeometry geometry) {
        return log(CommonContext.IPC_MEDIA, sessionId, mtuLength, geometry)
                .linger(0L)
                .build();
    }

    // Not sparse: pages are taken when the log is made, where a full file system is an error that can be told, and not
    // when a frame is written, where it is a SIGBUS.
    private static ChannelUriStringBuilder log(
            final String media, final int sessionId, final int mtuLength, final LinkGeometry geometry) {
        return new ChannelUriStringBuilder()
                .media(media)
                .sessionId(sessionId)
                .mtu(mtuLength)
                .termLength(geometry.termLength())
                .sparse(false);
    }

    /** Host and port as Aeron writes them. */
    static String socketAddress(final String host, final int port) {
        return host.indexOf(':') >= 0 ? '[' + host + "]:" + port : host + ':' + port;
    }
}
