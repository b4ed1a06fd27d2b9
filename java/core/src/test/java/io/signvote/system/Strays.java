package io.signvote.system;

import io.aeron.AeronCounters;
import io.aeron.CncFileDescriptor;
import io.aeron.driver.status.StreamCounter;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.ErrorFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.NakFlyweight;
import io.aeron.protocol.ResponseSetupFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A stranger off the path: it sends well-formed frames of Aeron to ports that it found, and has sniffed nothing. It knows
 * small numbers, those of a job that is over, and luck. The driver must not answer it, nor keep anything for it.
 */
public final class Strays implements AutoCloseable {
    /** Bytes of a SETUP. */
    public static final int SETUP_LENGTH = SetupFlyweight.HEADER_LENGTH;

    private static final int LARGEST_TERM_LENGTH = 1 << 30;
    private static final int[] TERM_LENGTHS = {1 << 16, 1 << 20, 16 << 20, LARGEST_TERM_LENGTH};
    private static final int[] SMALL_NUMBERS = {0, 1, 2, 3, 10, 1001, -1, 1 << 30, Integer.MAX_VALUE};
    private static final int MTU_LENGTH = 1408;
    private static final int MAX_LENGTH = 512;
    private static final int WINDOW_LENGTH = 1 << 20;
    private static final long SETTLE_PARK_NS = 1_000_000;

    private final Random random;
    private final DatagramChannel channel;
    private final UnsafeBuffer bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_LENGTH));
    private final List<Integer> streams = new ArrayList<>();
    private final List<Integer> sessions = new ArrayList<>();
    private long datagrams;

    /**
     * Knows small numbers only.
     *
     * @param seed of its choices.
     */
    public Strays(final long seed) throws IOException {
        random = new Random(seed);
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        for (final int number : SMALL_NUMBERS) {
            streams.add(number);
            sessions.add(number);
        }
    }

    /**
     * Adds numbers that it has learned, such as those of a job that is over.
     *
     * @param known pairs of session and stream.
     */
    public Strays learn(final Collection<int[]> known) {
        for (final int[] pair : known) {
            sessions.add(pair[0]);
            streams.add(pair[1]);
        }
        return this;
    }

    /** Sends one SETUP, of the least bytes that could cost the most. */
    public void setup(final int port, final int sessionId, final int streamId, final int termLength)
            throws IOException {
        final int termId = random.nextInt();
        new SetupFlyweight(bytes)
                .sessionId(sessionId)
                .streamId(streamId)
                .initialTermId(termId)
                .activeTermId(termId)
                .termOffset(0)
                .termLength(termLength)
                .mtuLength(MTU_LENGTH)
                .ttl(0)
                .frameLength(SETUP_LENGTH)
                .headerType(HeaderFlyweight.HDR_TYPE_SETUP)
                .flags((short) 0)
                .version(HeaderFlyweight.CURRENT_VERSION);
        send(port, SETUP_LENGTH);
    }

    /** Sends SETUPs of every term length to every stream that it knows, and some to sessions and streams by luck. */
    public void setups(final int port) throws IOException {
        for (final int termLength : TERM_LENGTHS) {
            for (final int streamId : streams) {
                setup(port, pick(sessions), streamId, termLength);
            }
            setup(port, random.nextInt(), random.nextInt(), termLength);
        }
    }

    /** Sends one frame of every type of Aeron's protocol. */
    public void frames(final int port) throws IOException {
        setup(port, pick(sessions), pick(streams), TERM_LENGTHS[random.nextInt(TERM_LENGTHS.length)]);
        final int sessionId = pick(sessions);
        final int streamId = pick(streams);
        final int termId = random.nextInt();

        final DataHeaderFlyweight data = new DataHeaderFlyweight();
        data.wrap(bytes);
        data.sessionId(sessionId).streamId(streamId).termId(termId).termOffset(32 * random.nextInt(64));
        header(data, HeaderFlyweight.HDR_TYPE_DATA, DataHeaderFlyweight.BEGIN_AND_END_FLAGS, 256);
        send(port, 256);

        final StatusMessageFlyweight status = new StatusMessageFlyweight(bytes);
        status.sessionId(sessionId)
                .streamId(streamId)
                .consumptionTermId(termId)
                .consumptionTermOffset(0)
                .receiverWindowLength(WINDOW_LENGTH)
                .receiverId(random.nextLong());
        header(
                status,
                HeaderFlyweight.HDR_TYPE_SM,
                random.nextBoolean() ? StatusMessageFlyweight.SEND_SETUP_FLAG : 0,
                StatusMessageFlyweight.HEADER_LENGTH);
        send(port, StatusMessageFlyweight.HEADER_LENGTH);

        final NakFlyweight nak = new NakFlyweight(bytes);
        nak.sessionId(sessionId).streamId(streamId).termId(termId).termOffset(0).length(WINDOW_LENGTH);
        header(nak, HeaderFlyweight.HDR_TYPE_NAK, 0, NakFlyweight.HEADER_LENGTH);
        send(port, NakFlyweight.HEADER_LENGTH);

        final RttMeasurementFlyweight rtt = new RttMeasurementFlyweight(bytes);
        rtt.sessionId(sessionId)
                .streamId(streamId)
                .echoTimestampNs(1)
                .receptionDelta(0)
                .receiverId(0);
        header(
                rtt,
                HeaderFlyweight.HDR_TYPE_RTTM,
                RttMeasurementFlyweight.REPLY_FLAG,
                RttMeasurementFlyweight.HEADER_LENGTH);
        send(port, RttMeasurementFlyweight.HEADER_LENGTH);

        final ResponseSetupFlyweight response = new ResponseSetupFlyweight(bytes);
        response.sessionId(sessionId).streamId(streamId).responseSessionId(random.nextInt());
        header(response, HeaderFlyweight.HDR_TYPE_RSP_SETUP, 0, ResponseSetupFlyweight.HEADER_LENGTH);
        send(port, ResponseSetupFlyweight.HEADER_LENGTH);

        final ErrorFlyweight error = new ErrorFlyweight(bytes.byteBuffer());
        error.sessionId(sessionId)
                .streamId(streamId)
                .receiverId(random.nextLong())
                .errorCode(1)
                .errorMessage("go");
        final int errorLength = error.frameLength();
        header(error, HeaderFlyweight.HDR_TYPE_ERR, 0, errorLength);
        send(port, errorLength);
    }

    /** Datagrams sent so far. */
    public long datagrams() {
        return datagrams;
    }

    /** Datagrams that came back since the last call. */
    public int answers() throws IOException {
        return received(channel);
    }

    /** Datagrams that lie in a channel, but for those that it has sent to itself. */
    static int received(final DatagramChannel channel) throws IOException {
        final ByteBuffer datagram = ByteBuffer.allocate(MAX_LENGTH);
        int count = 0;
        SocketAddress from;
        while ((from = channel.receive(datagram.clear())) != null) {
            count += from.equals(channel.getLocalAddress()) ? 0 : 1;
        }
        return count;
    }

    /**
     * Waits until a driver has looked at all that was sent to a port: a datagram too short for a frame is counted by it, and
     * none overtakes another on loopback.
     *
     * @param driverDirectory of the driver.
     * @param port that it listens on.
     * @param deadlineNs of {@link System#nanoTime()}.
     */
    public void settle(final Path driverDirectory, final int port, final long deadlineNs) throws IOException {
        final long before = invalidPackets(driverDirectory);
        do {
            stub(port);
            LockSupport.parkNanos(SETTLE_PARK_NS);
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("the driver in " + driverDirectory + " no longer looks at port=" + port);
            }
        } while (invalidPackets(driverDirectory) == before);
    }

    /** Sends a datagram that is too short for a frame. */
    void stub(final int port) throws IOException {
        send(port, 1);
    }

    /** Images over UDP that a driver holds, as pairs of session and stream. */
    public static List<int[]> images(final Path driverDirectory) {
        final List<int[]> images = new ArrayList<>();
        withCounters(driverDirectory, counters -> {
            counters.forEach((id, type, key, label) -> {
                if (type == AeronCounters.DRIVER_RECEIVER_HWM_TYPE_ID) {
                    images.add(new int[] {
                        key.getInt(StreamCounter.SESSION_ID_OFFSET), key.getInt(StreamCounter.STREAM_ID_OFFSET)
                    });
                }
            });
            return 0;
        });
        return images;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Datagrams that were no frames, as a driver has counted them. */
    static long invalidPackets(final Path driverDirectory) {
        return withCounters(
                driverDirectory, counters -> counters.getCounterValue(SystemCounterDescriptor.INVALID_PACKETS.id()));
    }

    /** Reads the counters without becoming a client of the driver. */
    private static long withCounters(
            final Path driverDirectory, final java.util.function.ToLongFunction<CountersReader> reading) {
        final MappedByteBuffer file = IoUtil.mapExistingFile(
                driverDirectory.resolve(CncFileDescriptor.CNC_FILE).toFile(), "counters");
        try {
            final DirectBuffer meta = CncFileDescriptor.createMetaDataBuffer(file.order(ByteOrder.nativeOrder()));
            return reading.applyAsLong(new CountersReader(
                    CncFileDescriptor.createCountersMetaDataBuffer(file, meta),
                    CncFileDescriptor.createCountersValuesBuffer(file, meta)));
        } finally {
            IoUtil.unmap(file);
        }
    }

    private int pick(final List<Integer> numbers) {
        return random.nextInt(4) == 0 ? random.nextInt() : numbers.get(random.nextInt(numbers.size()));
    }

    private static void header(final HeaderFlyweight frame, final int type, final int flags, final int length) {
        frame.frameLength(length).headerType(type).flags((short) flags).version(HeaderFlyweight.CURRENT_VERSION);
    }

    private void send(final int port, final int length) throws IOException {
        channel.send(
                bytes.byteBuffer().duplicate().clear().limit(length),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        datagrams++;
    }
}
