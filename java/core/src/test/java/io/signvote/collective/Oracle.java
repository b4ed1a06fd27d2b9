package io.signvote.collective;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** The result that a call must have, counted one coordinate at a time. */
public final class Oracle {
    private Oracle() {}

    /** Draws of one of a seed's streams; those of neighbouring seeds have nothing in common, as Random's own would. */
    public static Random random(final long seed, final int stream) {
        return new Random(Lot.lots(seed, stream));
    }

    /** A rank's contribution: a function of its arguments alone. Votes agree often enough for ties to occur. */
    public static byte[] ballot(final long seed, final int rank, final int round, final Call call, final int ranks) {
        final Random draw = new Random((seed * 1_000_003 + rank) * 1_000_003 + round);
        final Collective collective = call.collective();
        if (collective == Collective.REDUCE_SCATTER
                || collective == Collective.SCATTER
                || collective == Collective.ALL_TO_ALL) {
            final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
            for (int block = 0; block < ranks; block++) {
                blocks.writeBytes(numbers(call, draw));
            }
            return blocks.toByteArray();
        }
        if (call.collective() == Collective.LENGTHS) {
            return ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length(seed, rank, round + 1))
                    .array();
        }
        if (call.collective() == Collective.ALL_GATHER_V) {
            final byte[] shard = new byte[length(seed, rank, round)];
            draw.nextBytes(shard);
            return shard;
        }
        return numbers(call, draw);
    }

    private static byte[] numbers(final Call call, final Random draw) {
        final DataType type = call.payloadType();
        final ByteBuffer bytes =
                ByteBuffer.allocate((int) type.sizeOf(call.count())).order(ByteOrder.LITTLE_ENDIAN);
        if (type == DataType.SIGN) {
            while (bytes.hasRemaining()) {
                final boolean isLast = bytes.remaining() == Long.BYTES;
                bytes.putLong(draw.nextLong() & (isLast ? Words.tailMask(call.count()) : -1L));
            }
        } else if (type.isInteger()) {
            draw.nextBytes(bytes.array());
        } else {
            for (int i = 0; i < call.count(); i++) {
                Reference.putFloat(
                        type, bytes, i, (draw.nextFloat() - 0.5f) * (1 << draw.nextInt(type.isHalf() ? 8 : 20)));
            }
        }
        return bytes.array();
    }

    /** Any call that needs no announcement: of any collective but one of shards, any reduction of it, and any type. */
    static Call call(final Random draw, final CallKind kind, final int ranks, final int most, final long step) {
        final List<DataType> types = kind.types();
        final DataType type = types.get(draw.nextInt(types.size()));
        final long count = count(draw, kind.collective().isInBlocks() ? Math.max(1, most / ranks) : most);
        final int root = kind.collective().isRooted() ? draw.nextInt(ranks) : 0;
        final boolean isBarrier = kind.collective() == Collective.BARRIER;
        return new Call()
                .set(kind.collective(), kind.op(), isBarrier ? DataType.SIGN : type, isBarrier ? 1 : count, step, root)
                .policies(ZeroPolicy.RANDOM, TiePolicy.values()[draw.nextInt(3)]);
    }

    /** Elements of a call: up to so many, and now and then none. */
    public static long count(final Random draw, final int most) {
        return draw.nextInt(8) == 0 ? 0 : 1 + draw.nextInt(most);
    }

    /** Bytes that a rank has in a round that gathers: often none, sometimes nobody any, seldom many. */
    static int length(final long seed, final int rank, final int round) {
        if (random(seed, 1_000 + round).nextInt(8) == 0) {
            return 0;
        }
        final Random draw = new Random((seed * 1_000_003 + rank) * 1_000_033 + round);
        return switch (draw.nextInt(4)) {
            case 0 -> 0;
            case 1 -> draw.nextInt(3_900);
            default -> draw.nextInt(100);
        };
    }

    /** Shards of a call, or null where it gathers nothing. */
    static Shards shards(final long seed, final int ranks, final int round, final Call call) {
        if (!call.collective().isShards()) {
            return null;
        }
        final Shards shards = new Shards(ranks).fill(Long.BYTES);
        if (call.collective() == Collective.ALL_GATHER_V) {
            try (OffHeap lengths = new OffHeap(ranks * 8L)) {
                for (int rank = 0; rank < ranks; rank++) {
                    UnsafeApi.putLong(lengths.address() + rank * 8L, length(seed, rank, round));
                }
                shards.read(lengths.address(), Call.MAX_COUNT);
            }
        }
        return shards;
    }

    static int totalLength(final long seed, final int ranks, final int round) {
        int total = 0;
        for (int rank = 0; rank < ranks; rank++) {
            total += length(seed, rank, round);
        }
        return total;
    }

    /** What a rank holds of a call that has a result on it, as {@link #result} gives it: shards without what lies between them. */
    static byte[] held(final long result, final Call call, final Shards shards, final int ranks) {
        if (shards == null) {
            final byte[] all = new byte[(int) heldLength(call, ranks)];
            new UnsafeBuffer(result, all.length).getBytes(0, all);
            return all;
        }
        final byte[] all = new byte[(int) shards.totalLength()];
        int at = 0;
        for (int rank = 0; rank < shards.ranks(); rank++) {
            final int length = (int) shards.length(rank);
            new UnsafeBuffer(result + shards.offset(rank), length).getBytes(0, all, at, length);
            at += length;
        }
        return all;
    }

    /** Bytes of the result of a call without shards. */
    static long heldLength(final Call call, final int ranks) {
        final Collective collective = call.collective();
        final boolean isGathered = collective == Collective.ALL_GATHER
                || collective == Collective.GATHER
                || collective == Collective.ALL_TO_ALL;
        return call.payloadType().sizeOf(call.count()) * (isGathered ? ranks : 1);
    }

    /** Whether a rank gets a result. */
    public static boolean hasResult(final Call call, final int rank) {
        final boolean isForRoot = call.collective() == Collective.REDUCE || call.collective() == Collective.GATHER;
        return !isForRoot || rank == call.root();
    }

    /** The result that a call must have on a rank that gets one, from the ballots of all ranks. */
    public static byte[] result(
            final Call call,
            final int rank,
            final int ranks,
            final long seed,
            final long communicator,
            final IntFunction<byte[]> ballots) {
        return switch (call.collective()) {
            case BROADCAST -> ballots.apply(call.root());
            case LENGTHS, ALL_GATHER_V, ALL_GATHER, GATHER -> gathered(ranks, ballots);
            case ALL_TO_ALL -> gathered(ranks, each -> block(call, rank, ballots.apply(each)));
            case SCATTER -> block(call, rank, ballots.apply(call.root()));
            case ALL_REDUCE, REDUCE, BARRIER -> reduced(call, ranks, seed, communicator, 0, ballots);
            case REDUCE_SCATTER ->
                reduced(
                        call,
                        ranks,
                        seed,
                        communicator,
                        rank * Words.count(call.count()),
                        each -> block(call, rank, ballots.apply(each)));
        };
    }

    /** One of the blocks of a ballot. */
    static byte[] block(final Call call, final int block, final byte[] ballot) {
        final int length = (int) call.payloadType().sizeOf(call.count());
        return Arrays.copyOfRange(ballot, block * length, (block + 1) * length);
    }

    private static byte[] reduced(
            final Call call,
            final int ranks,
            final long seed,
            final long communicator,
            final long firstWord,
            final IntFunction<byte[]> ballots) {
        return call.isVote()
                ? majority(call, ranks, Lot.key(seed, communicator, call.step(), Lot.NOBODY), firstWord, ballots)
                : Reference.reduce(call.op(), call.type(), (int) call.count(), ranks, ballots);
    }

    private static byte[] gathered(final int ranks, final IntFunction<byte[]> ballots) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int rank = 0; rank < ranks; rank++) {
            all.writeBytes(ballots.apply(rank));
        }
        return all.toByteArray();
    }

    private static byte[] majority(
            final Call call, final int ranks, final long key, final long firstWord, final IntFunction<byte[]> ballots) {
        final int[] balance = new int[(int) call.count()];
        for (int rank = 0; rank < ranks; rank++) {
            final byte[] bits = ballots.apply(rank);
            for (int i = 0; i < balance.length; i++) {
                balance[i] += (bits[i >> 3] >> (i & 7) & 1) == 1 ? -1 : 1;
            }
        }
        final byte[] verdict = new byte[(int) Words.length(call.count())];
        for (int i = 0; i < balance.length; i++) {
            final boolean isTieNegative = switch (call.tiePolicy()) {
                case NEGATIVE -> true;
                case RANDOM -> (Lot.lots(key, firstWord + (i >> 6)) >> (i & 63) & 1) == 1;
                default -> false;
            };
            if (balance[i] < 0 || (balance[i] == 0 && isTieNegative)) {
                verdict[i >> 3] |= (byte) (1 << (i & 7));
            }
        }
        return verdict;
    }
}
