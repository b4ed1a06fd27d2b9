package io.signvote.transport.aeron;

import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.signvote.error.ConfigurationException;
import io.signvote.transport.Endpoint;
import java.util.List;
import org.agrona.BitUtil;

/**
 * Sizes of datagrams, windows and log buffers, in bytes. A window is a second limit behind the credits. The windows of
 * all peers together fit the share of the receive buffer that credits may fill. A term holds four windows. The
 * publisher may be half a term ahead, so the log never stops it while the network has room.
 *
 * @param mtuLength UDP payload of the largest datagram.
 * @param windowLength most bytes that one peer may have on their way to this member.
 * @param termLength a third of a log buffer.
 * @param receiveBufferLength granted SO_RCVBUF.
 * @param sendBufferLength granted SO_SNDBUF.
 */
record LinkGeometry(int mtuLength, int windowLength, int termLength, int receiveBufferLength, int sendBufferLength) {
    /** Alignment of frames. Datagrams contain whole frames. */
    static final int ALIGNMENT = 32;

    /** Aeron's limit: the largest multiple of 32 that fits a UDP datagram. */
    static final int MAX_MTU_LENGTH = 65504;

    /** Aeron's limit of a term. */
    static final int MIN_TERM_LENGTH = LogBufferDescriptor.TERM_MIN_LENGTH;

    /** Aeron's limit of a term. */
    static final int MAX_TERM_LENGTH = LogBufferDescriptor.TERM_MAX_LENGTH;

    /**
     * Socket buffer length to request: 3.4 ms at 10 Gbit/s. It covers one time slice of a busy host. In trials it was
     * enough for three senders at once.
     */
    static final int SOCKET_BUFFER_WANTED = 4 << 20;

    /**
     * Largest window of one peer. In trials, larger windows did not raise the throughput, and logs no longer fit the
     * caches.
     */
    static final int MAX_WINDOW_LENGTH = 1 << 20;

    static final int MIN_MTU_LENGTH = 1408;
    private static final int MIN_DATAGRAMS_PER_WINDOW = 4;
    private static final int WINDOWS_PER_TERM = 4;
    private static final int DATAGRAMS_PER_TERM = 8;

    /** Whether Aeron accepts a term of this length. */
    static boolean isTermLength(final int length) {
        return length >= MIN_TERM_LENGTH && length <= MAX_TERM_LENGTH && BitUtil.isPowerOfTwo(length);
    }

    /** Part of a receive buffer that credits may fill. A quarter is left for headers, setups and status messages. */
    static int creditedLength(final int receiveBufferLength) {
        return receiveBufferLength / 4 * 3;
    }

    /**
     * Reads the limits of the interface and the kernel, and computes the values that the settings leave at 0.
     *
     * @param notes gets shortages that do not prevent a job.
     */
    static LinkGeometry of(final AeronSettings settings, final List<String> notes) {
        final LinkGeometry geometry =
                of(settings, Interfaces.mtuLength(settings.host()), SocketBuffers.of(settings, notes));
        // the credit allows at least one frame of each stream, even if they do not fit
        final long oneOfEach = 2L * (settings.members() - 1) * geometry.maxFrameLength();
        if (settings.localMembers() < settings.members()
                && creditedLength(geometry.receiveBufferLength()) < oneOfEach) {
            notes.add(
                    "SO_RCVBUF=" + geometry.receiveBufferLength() + " does not hold a frame of each stream of members="
                            + settings.members() + ", frames will be lost and sent again, "
                            + SocketBuffers.remedy((int) Math.min(Integer.MAX_VALUE, oneOfEach * 4 / 3)));
        }
        return geometry;
    }

    /**
     * Computes the values that the settings leave at 0.
     *
     * @param settings of the hall.
     * @param linkMtuLength largest UDP payload that the interface carries without fragmentation.
     * @param buffers granted by the kernel.
     */
    static LinkGeometry of(final AeronSettings settings, final int linkMtuLength, final SocketBuffers buffers) {
        final int share = creditedLength(buffers.receiveLength()) / Math.max(1, settings.members() - 1);
        final int mtuLength = settings.mtuLength() != 0
                ? settings.mtuLength()
                : mtuLength(linkMtuLength, share, buffers.sendLength());
        final int windowLength = settings.windowLength() != 0
                ? settings.windowLength()
                : Math.max(Math.min(share, MAX_WINDOW_LENGTH), MIN_DATAGRAMS_PER_WINDOW * mtuLength) & -ALIGNMENT;

        if (frameLength(mtuLength) < Endpoint.MIN_FRAME_LENGTH) {
            throw new ConfigurationException("mtuLength=" + mtuLength + ", expected at least "
                    + (Endpoint.MIN_FRAME_LENGTH + DataHeaderFlyweight.HEADER_LENGTH) + ": the interface carries "
                    + linkMtuLength + " bytes of UDP payload unfragmented, raise its MTU or name another interface");
        }
        if (windowLength > buffers.receiveLength() || mtuLength > windowLength || mtuLength > buffers.sendLength()) {
            throw new ConfigurationException("socket buffers are too small: SO_RCVBUF=" + buffers.receiveLength()
                    + " SO_SNDBUF=" + buffers.sendLength() + " cannot carry windowLength=" + windowLength
                    + " of mtuLength="
                    + mtuLength + ", " + SocketBuffers.remedy(Math.max(SOCKET_BUFFER_WANTED, windowLength)));
        }

        final int termLength = settings.termLength() != 0
                ? settings.termLength()
                : BitUtil.findNextPositivePowerOfTwo(Math.max(
                        MIN_TERM_LENGTH, Math.max(WINDOWS_PER_TERM * windowLength, DATAGRAMS_PER_TERM * mtuLength)));
        if (termLength / DATAGRAMS_PER_TERM < mtuLength) {
            throw new ConfigurationException("termLength=" + termLength + " holds fewer than " + DATAGRAMS_PER_TERM
                    + " datagrams of mtuLength=" + mtuLength + ", raise it or leave it 0 to be computed");
        }
        return new LinkGeometry(mtuLength, windowLength, termLength, buffers.receiveLength(), buffers.sendLength());
    }

    // The MTU of the link, or less if the receive buffer is so small that a peer's share of it holds too few datagrams.
    private static int mtuLength(final int linkMtuLength, final int share, final int sendLength) {
        final int roomy = Math.max(MIN_MTU_LENGTH, share / MIN_DATAGRAMS_PER_WINDOW);
        return Math.min(Math.min(linkMtuLength, MAX_MTU_LENGTH), Math.min(roomy, sendLength)) / ALIGNMENT * ALIGNMENT;
    }

    /** Largest frame of such datagrams. */
    int maxFrameLength() {
        return frameLength(mtuLength);
    }

    /** Largest frame in a datagram: a multiple of 32, like the datagram. */
    static int frameLength(final int mtuLength) {
        return mtuLength - DataHeaderFlyweight.HEADER_LENGTH;
    }

    /** Largest datagram for frames of at most this length. */
    static int mtuLength(final int frameLength) {
        return (frameLength + DataHeaderFlyweight.HEADER_LENGTH) / ALIGNMENT * ALIGNMENT;
    }
}
