package io.signvote.collective;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.wire.Call;
import io.signvote.wire.Operation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    public static byte[] ballot(final long seed, final int rank, final int round, final Call call) {
        final Random draw = new Random((seed * 1_000_003 + rank) * 1_000_003 + round);
        if (call.operation() == Operation.LENGTHS) {
            return ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length(seed, rank, round + 1))
                    .array();
        }
        if (call.operation() == Operation.ALL_GATHER) {
            final byte[] shard = new byte[length(seed, rank, round)];
            draw.nextBytes(shard);
            return shard;
        }
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

    /** Any collective. Of an allreduce any reduction, a vote in half of the cases. */
    static Operation operation(final Random draw) {
        final Operation any = Operation.values()[draw.nextInt(Operation.values().length)];
        return any.reduceOp() != null && draw.nextBoolean() ? Operation.MAJORITY : any;
    }

    /** Any type that the operation takes. */
    static DataType type(final Random draw, final Operation operation) {
        final List<DataType> types = operation.reduceOp() == null
                ? List.of(DataType.values())
                : operation.reduceOp().types();
        final DataType any = types.get(draw.nextInt(types.size()));
        return switch (operation) {
            case BARRIER -> DataType.SIGN;
            case MAJORITY -> draw.nextBoolean() ? DataType.SIGN : DataType.FLOAT32;
            default -> any;
        };
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
        if (!call.operation().isGather()) {
            return null;
        }
        final Shards shards = new Shards(ranks).fill(Long.BYTES);
        if (call.operation() == Operation.ALL_GATHER) {
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

    /** What a rank holds of a call, as {@link #result} gives it: shards without what lies between them. */
    static byte[] held(final long result, final Call call, final Shards shards) {
        if (shards == null) {
            final byte[] all = new byte[(int) call.payloadType().sizeOf(call.count())];
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

    /** The result that a call must have on every rank, from the ballots of all ranks. */
    public static byte[] result(
            final Call call,
            final int ranks,
            final long seed,
            final long communicator,
            final IntFunction<byte[]> ballots) {
        return switch (call.operation()) {
            case BROADCAST -> ballots.apply(call.root());
            case LENGTHS, ALL_GATHER -> gathered(ranks, ballots);
            case MAJORITY, BARRIER -> majority(call, ranks, seed, communicator, ballots);
            default ->
                Reference.reduce(call.operation().reduceOp(), call.payloadType(), (int) call.count(), ranks, ballots);
        };
    }

    private static byte[] gathered(final int ranks, final IntFunction<byte[]> ballots) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int rank = 0; rank < ranks; rank++) {
            all.writeBytes(ballots.apply(rank));
        }
        return all.toByteArray();
    }

    private static byte[] majority(
            final Call call,
            final int ranks,
            final long seed,
            final long communicator,
            final IntFunction<byte[]> ballots) {
        final int[] balance = new int[(int) call.count()];
        for (int rank = 0; rank < ranks; rank++) {
            final byte[] bits = ballots.apply(rank);
            for (int i = 0; i < balance.length; i++) {
                balance[i] += (bits[i >> 3] >> (i & 7) & 1) == 1 ? -1 : 1;
            }
        }
        final long key = Lot.key(seed, communicator, call.step(), Lot.NOBODY);
        final byte[] verdict = new byte[(int) Words.length(call.count())];
        for (int i = 0; i < balance.length; i++) {
            final boolean isTieNegative = switch (call.tiePolicy()) {
                case NEGATIVE -> true;
                case RANDOM -> (Lot.lots(key, i >> 6) >> (i & 63) & 1) == 1;
                default -> false;
            };
            if (balance[i] < 0 || (balance[i] == 0 && isTieNegative)) {
                verdict[i >> 3] |= (byte) (1 << (i & 7));
            }
        }
        return verdict;
    }
}
