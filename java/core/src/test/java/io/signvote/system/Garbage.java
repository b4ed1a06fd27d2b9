package io.signvote.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What strangers may throw at the ports of a job, seeded: noise, and frames of Aeron that are right but for the session. */
public final class Garbage implements AutoCloseable {
    private static final int TYPE_DATA = 1;
    private static final int TYPE_SETUP = 5;
    private static final int TERM_LENGTH = 1 << 16;
    private static final String LISTENING = "0A";
    private static final String ANY_STATE = ".*";

    private final Random random;
    private final DatagramChannel channel;
    private final Set<Integer> udpPorts = new TreeSet<>();
    private final Set<Integer> tcpPorts = new TreeSet<>();
    private final List<int[]> streams = new ArrayList<>();
    private long datagrams;
    private long connections;

    /** Knows no port yet. */
    public Garbage(final long seed) throws IOException {
        random = new Random(seed);
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
    }

    /** Looks for every UDP port, every listening TCP port and every stream of these processes. */
    public Garbage at(final List<RankProcess> processes) throws IOException {
        for (final RankProcess process : processes) {
            at(process.pid(), process.directories());
        }
        return this;
    }

    /** Looks for those of one process, whose media drivers have these directories. */
    public Garbage at(final long pid, final List<Path> directories) throws IOException {
        udpPorts.addAll(ports(pid, List.of("udp", "udp6"), ANY_STATE));
        tcpPorts.addAll(ports(pid, List.of("tcp", "tcp6"), LISTENING));
        for (final Path directory : directories) {
            findStreams(directory);
        }
        return this;
    }

    /** How many UDP ports were found. */
    public int portCount() {
        return udpPorts.size();
    }

    /** UDP ports found. */
    Set<Integer> udpPorts() {
        return Set.copyOf(udpPorts);
    }

    /** TCP ports found to listen. */
    public Set<Integer> tcpPorts() {
        return Set.copyOf(tcpPorts);
    }

    /** Streams found. */
    public int streamCount() {
        return streams.size();
    }

    /** Datagrams thrown so far. */
    public long datagrams() {
        return datagrams;
    }

    /** Datagrams that came back since the last call. */
    public int answers() throws IOException {
        return Strays.received(channel);
    }

    /** Connections made so far. */
    public long connections() {
        return connections;
    }

    /** Throws one datagram of each kind at every port. */
    public void throwDatagrams() throws IOException {
        for (final int port : udpPorts) {
            final InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            for (int kind = 0; kind < 3; kind++) {
                channel.send(kind == 0 ? noise() : forged(kind == 1 ? TYPE_DATA : TYPE_SETUP), target);
                datagrams++;
            }
            channel.send(forged(random.nextInt(14)), target);
            datagrams++;
        }
    }

    /** Connects to every TCP port and sends nonsense, or nothing. */
    public void throwConnections() throws IOException {
        for (final int port : tcpPorts) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                final byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 20 && random.nextBoolean()) {
                    // a length that could be, so that more than the first check is met
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 16 + random.nextInt(24));
                }
                socket.getOutputStream().write(bytes);
            }
            connections++;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private ByteBuffer noise() {
        final byte[] bytes = new byte[1 + random.nextInt(1400)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** A well-formed header of a stream that exists, of a session that does not; the rest is noise. */
    private ByteBuffer forged(final int type) {
        final int[] stream = streams.isEmpty()
                ? new int[] {random.nextInt(), random.nextInt()}
                : streams.get(random.nextInt(streams.size()));
        final int session = stream[0] + 1_000 + random.nextInt(1_000_000);
        final byte[] bytes = new byte[type == TYPE_SETUP ? 40 : 64 + 32 * random.nextInt(40)];
        random.nextBytes(bytes);
        final boolean isControl = type == 2 || type == 3;
        final ByteBuffer frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0, bytes.length).put(4, (byte) 0).put(5, (byte) 0xC0).putShort(6, (short) type);
        frame.putInt(isControl ? 8 : 12, session).putInt(isControl ? 12 : 16, stream[1]);
        if (type == TYPE_SETUP) {
            frame.putInt(8, 0)
                    .putInt(20, 7)
                    .putInt(24, 7)
                    .putInt(28, TERM_LENGTH)
                    .putInt(32, 1408)
                    .putInt(36, 0);
        } else if (type == TYPE_DATA) {
            frame.putInt(8, 32 * random.nextInt(100));
        }
        return frame;
    }

    private void findStreams(final Path directory) throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            inside.filter(Files::isDirectory).forEach(driver -> streams.addAll(Strays.images(driver)));
        }
    }

    private static Set<Integer> ports(final long pid, final List<String> tables, final String state)
            throws IOException {
        final Set<String> inodes = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (final Path descriptor : descriptors.toList()) {
                final String link = Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                if (link.startsWith("socket:[")) {
                    inodes.add(link.substring(8, link.length() - 1));
                }
            }
        }
        final Set<Integer> ports = new HashSet<>();
        for (final String name : tables) {
            final Path table = Path.of("/proc/net", name);
            for (final String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                final String[] fields = line.trim().split("\\s+");
                if (fields.length > 9 && inodes.contains(fields[9]) && fields[3].matches(state)) {
                    ports.add(Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }
}
