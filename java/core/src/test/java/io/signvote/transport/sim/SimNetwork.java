package io.signvote.transport.sim;

import io.signvote.transport.LinkState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.agrona.BufferUtil;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Links between simulated members on a simulated clock. Frames of one link stay in order, as a reliable stream keeps them;
 * across links anything goes. A lost frame arrives late, after a NAK; a repeated one arrives twice.
 */
public final class SimNetwork implements NanoClock {
    /** What a schedule may do to frames. Probabilities are per frame or per claim. */
    public record Faults(
            long maxDelayNs, double loss, double repetition, double backPressure, double garbage, int linkFrames) {
        /** Draws a mixture from a seed. */
        public static Faults random(final Random random) {
            return new Faults(
                    1 + random.nextInt(50_000),
                    random.nextInt(3) == 0 ? 0.1 : 0.0,
                    random.nextInt(3) == 0 ? 0.2 : 0.0,
                    random.nextInt(3) == 0 ? 0.5 : 0.0,
                    random.nextInt(3) == 0 ? 0.1 : 0.0,
                    1 + random.nextInt(40));
        }
    }

    /** A frame under way; one that the network made is nobody's to answer for. */
    record Frame(long dueNs, UnsafeBuffer bytes, int length, boolean isSent) {}

    /** A stream is not connected after so long a silence of the peer. The media drivers of a job have the same setting. */
    private static final long SILENCE_NS = 3_000_000_000L;

    /** A receiver drops a stream after so long a silence, and sends no more status messages for it. */
    private static final long BREAK_NS = 60_000_000_000L;

    private static final long NEVER = Long.MAX_VALUE;

    private final Random random;
    private final Faults faults;
    private final int members;
    private final int windowFrames;
    private final long[] inboundLengths;
    private long inboundLengthMost;
    private final ArrayDeque<Frame>[][] links;
    private final long[] nakCounts;
    private final long[] memberCutNs;
    private final long[][] cutNs;
    private final ArrayDeque<UnsafeBuffer> idleBuffers = new ArrayDeque<>();
    private long nowNs = 1;

    /** A network without frames whose receivers have room for many. */
    public SimNetwork(final int members, final Faults faults, final Random random) {
        this(members, faults, random, 20 * members);
    }

    /** A network without frames; a receiver has room for so many, of all who send to it together. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public SimNetwork(final int members, final Faults faults, final Random random, final int windowFrames) {
        this.members = members;
        this.windowFrames = windowFrames;
        inboundLengths = new long[members];
        this.faults = faults;
        this.random = random;
        links = new ArrayDeque[members][members];
        nakCounts = new long[members];
        memberCutNs = new long[members];
        Arrays.fill(memberCutNs, NEVER);
        cutNs = new long[members][members];
        for (int from = 0; from < members; from++) {
            Arrays.fill(cutNs[from], NEVER);
            for (int to = 0; to < members; to++) {
                links[from][to] = new ArrayDeque<>();
            }
        }
    }

    /** The transport of one member. */
    public SimTransport transport(final int member, final int maxFrameLength) {
        return new SimTransport(this, member, maxFrameLength);
    }

    /** Lets time pass. */
    public void advance(final long ns) {
        nowNs += ns;
    }

    /** From now on nothing leaves or reaches the member. */
    public void cut(final int member) {
        memberCutNs[member] = nowNs;
    }

    /**
     * From now on nothing that one member sends to another arrives; both live and reach everybody else. A reliable stream keeps it
     * until the link is healed.
     */
    public void cut(final int from, final int to) {
        cutNs[from][to] = nowNs;
    }

    /** Undoes {@link #cut(int, int)}. A stream that has broken off stays broken. */
    public void heal(final int from, final int to) {
        if (!isBroken(from, to)) {
            cutNs[from][to] = NEVER;
        }
    }

    /**
     * The link as one end sees it. If nothing comes from the peer, not even status messages, our stream to the peer is not connected.
     * Long afterwards the peer's stream breaks off here, and then the peer gets no status messages either.
     */
    LinkState linkState(final int member, final int peer) {
        if (isBroken(peer, member)) {
            return LinkState.BROKEN;
        }
        final boolean isSilent = nowNs - sinceNs(peer, member) >= SILENCE_NS
                || isBroken(member, peer) && nowNs - sinceNs(member, peer) >= BREAK_NS + SILENCE_NS;
        return isSilent ? LinkState.SILENT : LinkState.UP;
    }

    private boolean isBroken(final int from, final int to) {
        return nowNs - sinceNs(from, to) >= BREAK_NS;
    }

    /** The time since which no frame of one member reaches another. */
    private long sinceNs(final int from, final int to) {
        return Math.min(cutNs[from][to], Math.min(memberCutNs[from], memberCutNs[to]));
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    /** Ends of the links. */
    public int members() {
        return members;
    }

    int windowFrames() {
        return windowFrames;
    }

    /** Most bytes that were ever on their way to one member, sent and not taken. */
    public long inboundLengthMost() {
        return inboundLengthMost;
    }

    boolean isBackPressured(final int from, final int to) {
        return links[from][to].size() >= faults.linkFrames() || random.nextDouble() < faults.backPressure();
    }

    /** Memory for one frame of any length, taken back when the frame is consumed. */
    UnsafeBuffer allocate(final int maxFrameLength) {
        final UnsafeBuffer idle = idleBuffers.poll();
        return idle != null ? idle : new UnsafeBuffer(BufferUtil.allocateDirectAligned(maxFrameLength, 64));
    }

    void send(final int from, final int to, final UnsafeBuffer bytes, final int length) {
        if (memberCutNs[from] != NEVER || memberCutNs[to] != NEVER) {
            idleBuffers.add(bytes);
            return;
        }
        final ArrayDeque<Frame> link = links[from][to];
        final long earliestNs = link.isEmpty() ? 0 : link.peekLast().dueNs();
        long dueNs = Math.max(earliestNs, nowNs + (long) (random.nextDouble() * faults.maxDelayNs()));
        if (random.nextDouble() < faults.loss()) {
            dueNs += 10 * faults.maxDelayNs();
            nakCounts[to]++;
        }
        link.add(new Frame(dueNs, bytes, length, true));
        inboundLengths[to] += length;
        inboundLengthMost = Math.max(inboundLengthMost, inboundLengths[to]);
        if (random.nextDouble() < faults.repetition()) {
            link.add(new Frame(dueNs, copy(bytes, length), length, false));
        }
        if (random.nextDouble() < faults.garbage()) {
            link.add(garbage(dueNs, bytes, length));
        }
    }

    Frame peek(final int from, final int to) {
        final Frame frame = links[from][to].peek();
        return frame == null || frame.dueNs() > nowNs || memberCutNs[to] != NEVER || cutNs[from][to] != NEVER
                ? null
                : frame;
    }

    void consume(final int from, final int to) {
        final Frame frame = links[from][to].remove();
        inboundLengths[to] -= frame.isSent() ? frame.length() : 0;
        idleBuffers.add(frame.bytes());
    }

    long nakCount(final int member) {
        return nakCounts[member];
    }

    /** Random bytes, or the frame with something wrong that a receiver must notice: cut short, another job, a far chunk. */
    private Frame garbage(final long dueNs, final UnsafeBuffer frame, final int length) {
        final UnsafeBuffer broken = copy(frame, length);
        switch (random.nextInt(5)) {
            case 0 -> {
                for (int i = 0; i < length; i++) {
                    broken.putByte(i, (byte) random.nextInt());
                }
            }
            case 1 -> broken.putLong(8, random.nextLong());
            case 2 -> broken.putInt(72, 1 << 20 | random.nextInt());
            case 3 -> broken.putInt(76, -1 - random.nextInt(1 << 20));
            default -> {
                return new Frame(dueNs, broken, random.nextInt(length), false);
            }
        }
        return new Frame(dueNs, broken, length, false);
    }

    private UnsafeBuffer copy(final UnsafeBuffer frame, final int length) {
        final UnsafeBuffer copy = allocate(frame.capacity());
        copy.putBytes(0, frame, 0, length);
        return copy;
    }
}
