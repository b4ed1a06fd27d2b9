package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.nio.file.Path;

/**
 * What the hall decides about the Aeron transport. Lengths are bytes and 0 stands for "computed from what is found".
 *
 * @param host numeric address of the interface to listen on; the others send to it.
 * @param port UDP port to listen on, 0 for an ephemeral one.
 * @param members members of the job, a pure server included.
 * @param localMembers members that will share this host's memory for their logs, ourselves included.
 * @param driverDirectory directory of a running media driver, null to embed one of our own.
 * @param memoryDirectory where an embedded driver makes its own directory, null for /dev/shm or else the temporary one.
 * @param mtuLength UDP payload of the largest datagram, a multiple of 32; 0 takes it from the interface.
 * @param socketBufferLength SO_RCVBUF and SO_SNDBUF, which then must be granted; 0 takes up to
 *     {@link LinkGeometry#SOCKET_BUFFER_WANTED}.
 * @param windowLength most bytes of one peer on their way to us, a backstop behind the credits; 0 computes it.
 * @param termLength a third of a log buffer, a power of two; 0 computes it from the window.
 * @param closeTimeoutNs longest quiet period in which close waits for peers to receive what was sent.
 */
public record AeronSettings(
        String host,
        int port,
        int members,
        int localMembers,
        Path driverDirectory,
        Path memoryDirectory,
        int mtuLength,
        int socketBufferLength,
        int windowLength,
        int termLength,
        long closeTimeoutNs) {
    /** Longest quiet period by default: ten times what a live peer takes, so that the dead do not hold us long. */
    public static final long CLOSE_TIMEOUT_DEFAULT_NS = 2_000_000_000L;

    private static final int MAX_PORT = 65535;

    /** Checks every value. {@inheritDoc} */
    public AeronSettings {
        check(host != null && !host.isBlank(), "host is empty, name the interface address that the others send to");
        check(port >= 0 && port <= MAX_PORT, "port=" + port + ", expected 0 to " + MAX_PORT);
        check(members >= 1, "members=" + members + ", expected at least 1");
        check(
                localMembers >= 1 && localMembers <= members,
                "localMembers=" + localMembers + ", expected 1 to members=" + members);
        check(
                mtuLength == 0
                        || mtuLength >= LinkGeometry.MIN_MTU_LENGTH
                                && mtuLength <= LinkGeometry.MAX_MTU_LENGTH
                                && mtuLength % LinkGeometry.ALIGNMENT == 0,
                "mtuLength=" + mtuLength + ", expected a multiple of 32 from " + LinkGeometry.MIN_MTU_LENGTH + " to "
                        + LinkGeometry.MAX_MTU_LENGTH + ", or 0 to take it from the interface");
        check(socketBufferLength >= 0, "socketBufferLength=" + socketBufferLength + ", expected at least 0");
        check(windowLength >= 0, "windowLength=" + windowLength + ", expected at least 0");
        check(
                termLength == 0 || LinkGeometry.isTermLength(termLength),
                "termLength=" + termLength + ", expected a power of two from " + LinkGeometry.MIN_TERM_LENGTH + " to "
                        + LinkGeometry.MAX_TERM_LENGTH + ", or 0 to compute it");
        check(closeTimeoutNs >= 0, "closeTimeoutNs=" + closeTimeoutNs + ", expected at least 0");
    }

    /**
     * Settings for a job of a size on one address, everything else computed.
     *
     * @param host numeric address to listen on.
     * @param members members of the job.
     * @return a builder holding the defaults.
     */
    public static Builder builder(final String host, final int members) {
        return new Builder(host, members);
    }

    /** The same settings with other socket buffers. */
    AeronSettings withSocketBufferLength(final int length) {
        return new AeronSettings(
                host,
                port,
                members,
                localMembers,
                driverDirectory,
                memoryDirectory,
                mtuLength,
                length,
                windowLength,
                termLength,
                closeTimeoutNs);
    }

    private static void check(final boolean isRight, final String message) {
        if (!isRight) {
            throw new ConfigurationException(message);
        }
    }

    /** Collects settings by name. Not thread-safe. */
    public static final class Builder {
        private final String host;
        private final int members;
        private int port;
        private int localMembers = 1;
        private Path driverDirectory;
        private Path memoryDirectory;
        private int mtuLength;
        private int socketBufferLength;
        private int windowLength;
        private int termLength;
        private long closeTimeoutNs = CLOSE_TIMEOUT_DEFAULT_NS;

        private Builder(final String host, final int members) {
            this.host = host;
            this.members = members;
        }

        /**
         * Fixes the UDP port.
         *
         * @param value port, 0 for an ephemeral one.
         * @return this.
         */
        public Builder port(final int value) {
            port = value;
            return this;
        }

        /**
         * Says how many members share this host's memory.
         *
         * @param value members on this host, ourselves included.
         * @return this.
         */
        public Builder localMembers(final int value) {
            localMembers = value;
            return this;
        }

        /**
         * Uses a running media driver.
         *
         * @param value its directory, null to embed one.
         * @return this.
         */
        public Builder driverDirectory(final Path value) {
            driverDirectory = value;
            return this;
        }

        /**
         * Places the directory of an embedded driver.
         *
         * @param value directory in memory, null for the default.
         * @return this.
         */
        public Builder memoryDirectory(final Path value) {
            memoryDirectory = value;
            return this;
        }

        /**
         * Fixes the MTU.
         *
         * @param value bytes of UDP payload, a multiple of 32; 0 takes it from the interface.
         * @return this.
         */
        public Builder mtuLength(final int value) {
            mtuLength = value;
            return this;
        }

        /**
         * Demands a socket buffer length.
         *
         * @param value bytes, 0 to take what is granted.
         * @return this.
         */
        public Builder socketBufferLength(final int value) {
            socketBufferLength = value;
            return this;
        }

        /**
         * Fixes the window of one peer.
         *
         * @param value bytes, 0 to compute it.
         * @return this.
         */
        public Builder windowLength(final int value) {
            windowLength = value;
            return this;
        }

        /**
         * Fixes the term length.
         *
         * @param value bytes, a power of two; 0 to compute it.
         * @return this.
         */
        public Builder termLength(final int value) {
            termLength = value;
            return this;
        }

        /**
         * Bounds the quiet period at close.
         *
         * @param valueNs nanoseconds.
         * @return this.
         */
        public Builder closeTimeoutNs(final long valueNs) {
            closeTimeoutNs = valueNs;
            return this;
        }

        /**
         * Checks and freezes.
         *
         * @return the settings.
         */
        public AeronSettings build() {
            return new AeronSettings(
                    host,
                    port,
                    members,
                    localMembers,
                    driverDirectory,
                    memoryDirectory,
                    mtuLength,
                    socketBufferLength,
                    windowLength,
                    termLength,
                    closeTimeoutNs);
        }
    }
}
