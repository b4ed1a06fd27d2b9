package io.signvote.transport.sim;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.wire.Collective;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A member's end whose every frame is followed, now and then, by frames that no honest member would send. */
public final class LyingTransport extends ForwardingTransport {
    /** What the lies may touch. */
    public enum Temper {
        /** Everything: most such lies end the job. */
        RECKLESS,
        /**
         * All that a receiver must bear: neither the call nor a later round nor a goodbye. Nor what nobody can go on after: in a
         * one-way collective less credit than was granted, which is to withhold reports, as they come no more often than before;
         * from a tallier, who is trusted, verdicts of chunks that it has not decided; and a result that other ranks do not have.
         */
        SLY,
        /** As sly, and takes back the credit that it granted, down to one frame. */
        WITHHOLDING
    }

    private static final int HEADER_LENGTH = 96;
    private static final int ROUND = 16;
    private static final int CALL = 24;
    private static final int COUNT = 32;
    private static final int COLLECTIVE = 62;
    private static final int VIEW = 68;
    private static final int[] OTHER_LONGS = {8};
    private static final int CHUNK = 72;
    private static final int BALLOTS = 80;
    private static final int WEIGHT_SUM = 84;
    private static final int[] OTHER_INTS = {0, 4, VIEW, CHUNK, 76, BALLOTS, WEIGHT_SUM};
    private static final int CREDIT = 90;
    private static final int[] OTHER_SHORTS = {88, CREDIT, 94};
    private static final int KIND = 92;
    private static final int[] OTHER_BYTES = {93};
    private static final byte BALLOT_KIND = 1;
    private static final byte VERDICT_KIND = 2;
    private static final byte CREDIT_KIND = 3;
    private static final int MOST_COUNT = 1 << 20;
    private static final long[] EDGES = {
        0, 1, -1, 2, 255, 256, 65535, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Temper temper;
    private final boolean tallies;
    private final int server;
    private final Random random;
    private final Claim claim;
    private final UnsafeBuffer last;
    private int lastLength;
    private long lies;
    private long servedRound;
    private long servedRoundBefore;

    /**
     * An end that lies. Some lies are possible only for a tallier.
     *
     * @param server member that takes part only in rounds with ballots, or -1.
     */
    public LyingTransport(
            final SimTransport honest,
            final Temper temper,
            final boolean tallies,
            final int server,
            final Random random) {
        super(honest);
        this.tallies = tallies;
        this.server = server;
        this.temper = temper;
        this.random = random;
        claim = honest.newClaim();
        last = new UnsafeBuffer(new byte[honest.maxFrameLength()]);
    }

    /** Frames sent that were lies. */
    public long lies() {
        return lies;
    }

    /** Sends one lie, if there is room for it. */
    public void lie(final int peer) {
        final int length = length();
        if (honest.tryClaim(peer, length, claim) != Status.OK) {
            return;
        }
        final MutableDirectBuffer frame = claim.buffer();
        frame.putBytes(0, last, 0, last.capacity());
        if (lastLength == 0 || random.nextInt(8) == 0) {
            for (int i = 0; i < length; i++) {
                frame.putByte(i, (byte) random.nextInt());
            }
        } else if (temper == Temper.WITHHOLDING && last.getByte(KIND) == CREDIT_KIND) {
            frame.putShort(CREDIT, (short) 1, ByteOrder.LITTLE_ENDIAN);
        } else {
            final int granted = credit(frame);
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                mutate(frame);
            }
            if (temper != Temper.RECKLESS) {
                temperate(peer, frame, granted);
            }
        }
        claim.commit();
        lies++;
    }

    private void temperate(final int peer, final MutableDirectBuffer frame, final int granted) {
        final byte kind = frame.getByte(KIND);
        if (kind == BALLOT_KIND && peer == server) {
            // the server takes a round without its part for a later round
            final long truth = last.getLong(ROUND, ByteOrder.LITTLE_ENDIAN);
            final long served = truth > servedRound ? servedRound : servedRoundBefore;
            final long told = frame.getLong(ROUND, ByteOrder.LITTLE_ENDIAN);
            frame.putLong(ROUND, told == truth ? told : Math.min(told, served), ByteOrder.LITTLE_ENDIAN);
        }
        if (kind == BALLOT_KIND) {
            // nobody can go on with a rank that has another result
            final boolean isBallot = last.getByte(KIND) == BALLOT_KIND;
            frame.putInt(BALLOTS, last.getInt(BALLOTS));
            frame.putInt(WEIGHT_SUM, last.getInt(BALLOTS));
            frame.putInt(CHUNK, isBallot ? frame.getInt(CHUNK) : -1);
        }
        if (kind == CREDIT_KIND && credit(frame) < granted) {
            frame.putShort(CREDIT, (short) granted, ByteOrder.LITTLE_ENDIAN);
        }
        if (kind == VERDICT_KIND && isGather(frame)) {
            // what it says of its own bytes is true for it; that it has sent them, where it has not, would lose it
            // their reports
            frame.putInt(BALLOTS, 0);
        } else if (kind == VERDICT_KIND && tallies) {
            if (last.getByte(KIND) == VERDICT_KIND) {
                frame.putInt(CHUNK, last.getInt(CHUNK));
            } else {
                frame.putInt(BALLOTS, 0);
            }
        }
    }

    private static boolean isGather(final MutableDirectBuffer frame) {
        final byte collective = frame.getByte(COLLECTIVE);
        return collective == Collective.LENGTHS.code()
                || collective == Collective.ALL_GATHER_V.code()
                || collective == Collective.ALL_GATHER.code();
    }

    private static int credit(final MutableDirectBuffer frame) {
        return frame.getShort(CREDIT, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private int length() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(honest.maxFrameLength() + 1);
            case 1 -> Math.min(honest.maxFrameLength(), HEADER_LENGTH + random.nextInt(64));
            default -> lastLength;
        };
    }

    private void mutate(final MutableDirectBuffer frame) {
        final int most = temper == Temper.RECKLESS ? 11 : 8;
        switch (random.nextInt(most)) {
            case 0 -> frame.putLong(pick(OTHER_LONGS), value(), ByteOrder.LITTLE_ENDIAN);
            case 1 -> frame.putInt(pick(OTHER_INTS), (int) value(), ByteOrder.LITTLE_ENDIAN);
            case 2 -> frame.putShort(pick(OTHER_SHORTS), (short) value(), ByteOrder.LITTLE_ENDIAN);
            case 3 -> frame.putByte(pick(OTHER_BYTES), (byte) value());
            case 4 -> frame.putByte(KIND, kind());
            case 5 ->
                frame.putLong(
                        ROUND,
                        frame.getLong(ROUND, ByteOrder.LITTLE_ENDIAN) - 2 - random.nextInt(3),
                        ByteOrder.LITTLE_ENDIAN);
            case 6 -> {
                for (int i = HEADER_LENGTH; i < frame.capacity(); i++) {
                    frame.putByte(i, (byte) random.nextInt());
                }
            }
            case 7 ->
                frame.putInt(
                        CHUNK,
                        frame.getInt(CHUNK, ByteOrder.LITTLE_ENDIAN) + 1 + random.nextInt(8),
                        ByteOrder.LITTLE_ENDIAN);
            case 8 -> frame.putLong(ROUND + 8 * random.nextInt(2), value(), ByteOrder.LITTLE_ENDIAN);
            case 9 -> frame.putLong(COUNT, count(), ByteOrder.LITTLE_ENDIAN);
            default -> frame.putByte(anyOfTheCall(), (byte) value());
        }
    }

    /** A byte of the call, but of its count. */
    private int anyOfTheCall() {
        final int offset = CALL + random.nextInt(VIEW - CALL - 8);
        return offset < COUNT ? offset : offset + 8;
    }

    private byte kind() {
        final int kind = random.nextInt(temper == Temper.RECKLESS ? 6 : 5);
        return (byte) (kind == 4 && temper != Temper.RECKLESS ? 200 : kind);
    }

    /** Counts that a job may well have, or none may: those between are a matter of memory alone. */
    private long count() {
        final long count = value();
        return count > MOST_COUNT && count <= 1L << 34 ? MOST_COUNT : count;
    }

    private long value() {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(12);
            case 1 -> EDGES[random.nextInt(EDGES.length)];
            default -> random.nextLong();
        };
    }

    private int pick(final int[] offsets) {
        return offsets[random.nextInt(offsets.length)];
    }

    @Override
    public int tryClaim(final int peer, final int length, final Claim claim) {
        final Recorded recorded = (Recorded) claim;
        final int status = honest.tryClaim(peer, length, recorded.honest);
        recorded.peer = peer;
        recorded.length = length;
        return status;
    }

    @Override
    public Claim newClaim() {
        return new Recorded(honest.newClaim());
    }

    /** Remembers the frame that is committed, and may lie before and after it. */
    private final class Recorded implements Claim {
        private final Claim honest;
        private int peer;
        private int length;

        Recorded(final Claim honest) {
            this.honest = honest;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return honest.buffer();
        }

        @Override
        public int offset() {
            return honest.offset();
        }

        @Override
        public void commit() {
            last.putBytes(0, honest.buffer(), honest.offset(), length);
            lastLength = length;
            if (random.nextInt(4) == 0) {
                lie(peer);
            }
            onSent();
            honest.commit();
            if (random.nextInt(4) == 0) {
                lie(peer);
            }
        }

        private void onSent() {
            final long round = last.getLong(ROUND, ByteOrder.LITTLE_ENDIAN);
            if (peer == server && last.getByte(KIND) == BALLOT_KIND && round > servedRound) {
                servedRoundBefore = servedRound;
                servedRound = round;
            }
        }

        @Override
        public void abort() {
            honest.abort();
        }
    }
}
