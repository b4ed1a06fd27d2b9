package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.nio.file.Path;

/**
 * Settings of the Aeron transport. Lengths are in bytes, and 0 means that the library computes the value. Immutable.
 *
 * @param host numeric address of the interface on which to listen; the others send to it.
 * @param port UDP port to listen on, 0 for an ephemeral one.
 * @param members number of members of the job, including a server.
 * @param localMembers number of members on this host, including this one. They share its memory for their logs.
 * @param driverDirectory directory of a running media driver, null to embed one.
 * @param memoryDirectory directory in which an embedded driver makes its own, null for /dev/shm or else the temporary
 *     one.
 * @param mtuLength UDP payload of the largest datagram, a multiple of 32; 0 takes it from the interface.
 * @param socketBufferLength SO_RCVBUF and SO_SNDBUF to require; 0 requests {@link LinkGeometry#SOCKET_BUFFER_WANTED}
 *     and accepts less.
 * @param windowLength most bytes that one peer may have on their way to this member, a second limit behind the credits;
 *     0 computes it.
 * @param termLength a third of a log buffer, a power of two; 0 computes it from the window.
 * @param closeTimeoutNs longest time that close waits for peers to receive all sent frames.
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
    /**
     * Longest wait at close by default: ten times the time of a live peer, so dead peers do not delay close for long.
     */
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
     * Makes a builder for a job of some members on one address. All else is computed by default.
     *
     * @param host numeric address to listen on.
     * @param members number of members of the job.
     * @return a builder with the defaults.
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
         * Sets the UDP port.
         *
         * @param value port, 0 for an ephemeral one.
         * @return this.
         */
        public Builder port(final int value) {
            port = value;
            return this;
        }

        /**
         * Sets the number of members that share this host's memory.
         *
         * @param value members on this host, including this one.
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
         * Sets the parent of an embedded driver's directory.
         *
         * @param value directory in memory, null for the default.
         * @return this.
         */
        public Builder memoryDirectory(final Path value) {
            memoryDirectory = value;
            return this;
        }

        /**
         * Sets the MTU.
         *
         * @param value bytes of UDP payload, a multiple of 32; 0 takes it from the interface.
         * @return this.
         */
        public Builder mtuLength(final int value) {
            mtuLength = value;
            return this;
        }

        /**
         * Sets a socket buffer length to require.
         *
         * @param value bytes, 0 to accept the granted length.
         * @return this.
         */
        public Builder socketBufferLength(final int value) {
            socketBufferLength = value;
            return this;
        }

        /**
         * Sets the window of one peer.
         *
         * @param value bytes, 0 to compute it.
         * @return this.
         */
        public Builder windowLength(final int value) {
            windowLength = value;
            return this;
        }

        /**
         * Sets the term length.
         *
         * @param value bytes, a power of two; 0 to compute it.
         * @return this.
         */
        public Builder termLength(final int value) {
            termLength = value;
            return this;
        }

        /**
         * Sets the longest wait at close.
         *
         * @param valueNs nanoseconds.
         * @return this.
         */
        public Builder closeTimeoutNs(final long valueNs) {
            closeTimeoutNs = valueNs;
            return this;
        }

        /**
         * Checks the values and makes the settings.
         *
         * @return the settings.
         * @throws ConfigurationException if a value is out of range.
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
