import io.signvote.Communicator;
import io.signvote.Elements;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * SignVote's part of ci/checks/open-mpi: {@code Collectives FOLDER COUNT...}. ci/lib/collectives.c makes the same calls over Open
 * MPI, with the same inputs.
 *
 * <p>Each rank writes FOLDER/signvote.RANK: for each input and each result a line with its name and its length in bytes, then its
 * bytes.
 */
final class Collectives {
    private static final List<DataType> TYPES = List.of(
            DataType.FLOAT32, DataType.FLOAT64, DataType.INT8, DataType.UINT8, DataType.INT32, DataType.INT64);

    /** Reductions of all numbers, then those of integers only. */
    private static final List<ReduceOp> OPS = List.of(
            ReduceOp.SUM,
            ReduceOp.AVG,
            ReduceOp.MIN,
            ReduceOp.MAX,
            ReduceOp.PROD,
            ReduceOp.BAND,
            ReduceOp.BOR,
            ReduceOp.BXOR);

    /** Elements after which the values that {@link Kind} names come again. The first element of each period is not one of them. */
    private static final int PERIOD = 251;

    /**
     * What an input is for. Each word names the value of rank 0 and the value of all other ranks; {@link #named} has the
     * letters.
     */
    private enum Kind {
        SUMS("00 oo o0 0o i1 j1 ii ij ji n1 1n MM mm ss sr tr 1u"),
        PRODUCTS("0h oh o2 ih i0 n1 1n MM mM tt s1 s2"),
        ORDER("0o o0 oo i1 j1 ij Mm sr s0 0r"),
        BITS("MM mm M1 me 00 ee");

        private final String[] words;

        Kind(final String values) {
            words = values.split(" ");
        }

        static Kind of(final ReduceOp op, final DataType type) {
            if (type.isInteger()) {
                return BITS;
            }
            return switch (op) {
                case SUM, AVG -> SUMS;
                case PROD -> PRODUCTS;
                default -> ORDER;
            };
        }
    }

    private enum Place {
        OUT_OF_PLACE("out-of-place"),
        IN_PLACE("in-place");

        private final String text;

        Place(final String text) {
            this.text = text;
        }
    }

    private final Communicator communicator;
    private final int rank;
    private final int ranks;
    private final OutputStream file;
    private final Map<Kind, byte[]> inputs = new EnumMap<>(Kind.class);
    private int root;
    /** Elements of one rank, where a call has blocks. */
    private int block;

    private Collectives(final Communicator communicator, final OutputStream file) {
        this.communicator = communicator;
        this.file = file;
        rank = communicator.rank();
        ranks = communicator.size();
    }

    public static void main(final String[] args) throws IOException {
        try (Communicator communicator = Communicator.connect();
                OutputStream file = new BufferedOutputStream(
                        Files.newOutputStream(Path.of(args[0], "signvote." + communicator.rank())))) {
            final Collectives collectives = new Collectives(communicator, file);
            for (int i = 1; i < args.length; i++) {
                for (final DataType type : TYPES) {
                    collectives.calls(type, Integer.parseInt(args[i]));
                }
            }
        }
    }

    private void calls(final DataType type, final int count) throws IOException {
        root = count % ranks;
        block = (count + ranks - 1) / ranks;
        for (final Kind kind : Kind.values()) {
            if (type.isFloat() || kind == Kind.BITS) {
                inputs.put(kind, input(kind, type, ranks * block));
                record("input", kind.name(), type, count, Place.OUT_OF_PLACE, source(kind, type, ranks * block));
            }
        }
        for (final Place place : Place.values()) {
            for (final ReduceOp op : OPS) {
                if (op.takes(type)) {
                    allReduce(type, op, count, place);
                    reduce(type, op, count, place);
                    reduceScatter(type, op, count, place);
                }
            }
            allGather(type, count, place);
            gather(type, count, place);
            scatter(type, count, place);
            allToAll(type, count, place);
        }
        broadcast(type, count);
    }

    private void allReduce(final DataType type, final ReduceOp op, final int count, final Place place)
            throws IOException {
        final ByteBuffer source = source(Kind.of(op, type), type, count);
        final ByteBuffer target = place == Place.IN_PLACE ? source : memory(type, count);
        communicator.allReduce(Elements.of(source, type), Elements.of(target, type), op);
        record("allReduce", op.name(), type, count, place, target);
    }

    private void reduce(final DataType type, final ReduceOp op, final int count, final Place place)
            throws IOException {
        final ByteBuffer source = source(Kind.of(op, type), type, count);
        final ByteBuffer target = place == Place.IN_PLACE ? source : memory(type, count);
        communicator.reduce(Elements.of(source, type), rank == root ? Elements.of(target, type) : null, op, root);
        if (rank == root) {
            record("reduce", op.name(), type, count, place, target);
        }
    }

    private void reduceScatter(final DataType type, final ReduceOp op, final int count, final Place place)
            throws IOException {
        final ByteBuffer source = source(Kind.of(op, type), type, ranks * block);
        final ByteBuffer target = place == Place.IN_PLACE ? blockOf(source, type) : memory(type, block);
        communicator.reduceScatter(Elements.of(source, type), Elements.of(target, type), op);
        record("reduceScatter", op.name(), type, count, place, target);
    }

    private void broadcast(final DataType type, final int count) throws IOException {
        final ByteBuffer target = source(Kind.BITS, type, count);
        communicator.broadcast(Elements.of(target, type), root);
        record("broadcast", "-", type, count, Place.IN_PLACE, target);
    }

    private void allGather(final DataType type, final int count, final Place place) throws IOException {
        final ByteBuffer target = memory(type, ranks * block);
        final ByteBuffer source = place == Place.IN_PLACE ? blockOf(target, type) : memory(type, block);
        source.put(0, inputs.get(Kind.BITS), 0, source.capacity());
        communicator.allGather(Elements.of(source, type), Elements.of(target, type));
        record("allGather", "-", type, count, place, target);
    }

    private void gather(final DataType type, final int count, final Place place) throws IOException {
        final ByteBuffer target = memory(type, ranks * block);
        final ByteBuffer source = place == Place.IN_PLACE ? blockOf(target, type) : memory(type, block);
        source.put(0, inputs.get(Kind.BITS), 0, source.capacity());
        communicator.gather(Elements.of(source, type), rank == root ? Elements.of(target, type) : null, root);
        if (rank == root) {
            record("gather", "-", type, count, place, target);
        }
    }

    private void scatter(final DataType type, final int count, final Place place) throws IOException {
        final ByteBuffer source = source(Kind.BITS, type, ranks * block);
        final ByteBuffer target = place == Place.IN_PLACE ? blockOf(source, type) : memory(type, block);
        communicator.scatter(rank == root ? Elements.of(source, type) : null, Elements.of(target, type), root);
        record("scatter", "-", type, count, place, target);
    }

    private void allToAll(final DataType type, final int count, final Place place) throws IOException {
        final ByteBuffer source = source(Kind.BITS, type, ranks * block);
        final ByteBuffer target = place == Place.IN_PLACE ? source : memory(type, ranks * block);
        communicator.allToAll(Elements.of(source, type), Elements.of(target, type));
        record("allToAll", "-", type, count, place, target);
    }

    private void record(
            final String call,
            final String what,
            final DataType type,
            final int count,
            final Place place,
            final ByteBuffer memory)
            throws IOException {
        final byte[] bytes = new byte[memory.capacity()];
        memory.get(0, bytes);
        final String name = String.join(" ", call, what, type.name(), Integer.toString(count), place.text);
        file.write((name + " " + bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
        file.write(bytes);
    }

    /** Memory of ones. */
    private static ByteBuffer memory(final DataType type, final int count) {
        final byte[] ones = new byte[count * type.size()];
        Arrays.fill(ones, (byte) -1);
        return direct(ones, ones.length);
    }

    /** The first elements of an input. */
    private ByteBuffer source(final Kind kind, final DataType type, final int count) {
        return direct(inputs.get(kind), count * type.size());
    }

    private static ByteBuffer direct(final byte[] bytes, final int length) {
        return ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN).put(0, bytes, 0, length);
    }

    /** The block of this rank. */
    private ByteBuffer blockOf(final ByteBuffer memory, final DataType type) {
        final int length = block * type.size();
        return memory.slice(rank * length, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] input(final Kind kind, final DataType type, final int count) {
        final ByteBuffer input = ByteBuffer.allocate(count * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            final long bits = element(kind, type, i);
            switch (type.size()) {
                case 1 -> input.put((byte) bits);
                case 4 -> input.putInt((int) bits);
                default -> input.putLong(bits);
            }
        }
        return input.array();
    }

    /** The bits of element i of the input of this rank. */
    private long element(final Kind kind, final DataType type, final int i) {
        final boolean isBitsOfFloat = kind == Kind.BITS && type.isFloat();
        final int word = i % PERIOD - 1;
        if (!isBitsOfFloat && word >= 0 && word < kind.words.length) {
            return named(kind.words[word].charAt(rank > 0 ? 1 : 0), type);
        }
        final long random = mix(mix(kind.ordinal() * 65536 + TYPES.indexOf(type) * 256 + rank) + i * 0x9e3779b97f4a7c15L);
        if (kind == Kind.BITS) {
            return random;
        }
        // from 2^-8 to 2^8; for products from 1/2 to 2
        final long exponent = kind == Kind.PRODUCTS
                ? bias(type) - 1 + (random >>> 52 & 1)
                : bias(type) - 8 + (random >>> 52 & 15);
        final long fraction = random & (1L << digits(type)) - 1;
        return random >>> 63 << 8 * type.size() - 1 | exponent << digits(type) | fraction;
    }

    /** The bits of a value that a letter names. */
    private static long named(final char letter, final DataType type) {
        final long sign = 1L << 8 * type.size() - 1;
        if (type.isInteger()) {
            final boolean isSigned = type != DataType.UINT8;
            return switch (letter) {
                case 'M' -> isSigned ? sign - 1 : 2 * sign - 1;
                case 'm' -> isSigned ? sign : 0;
                case 'e' -> -1; // all bits
                default -> letter - '0';
            };
        }
        final long one = bias(type) << digits(type);
        final long half = 1L << digits(type) - 1;
        final long infinity = 2 * bias(type) + 1 << digits(type);
        return switch (letter) {
            case '0' -> 0;
            case 'o' -> sign; // -0
            case '1' -> one;
            case '2' -> one + 2 * half;
            case 'h' -> sign | one | half; // -1.5
            case 'u' -> bias(type) - digits(type) - 1 << digits(type); // half an ulp of 1
            case 'i' -> infinity;
            case 'j' -> sign | infinity;
            case 'n' -> infinity | half; // a quiet NaN
            case 'M' -> infinity - 1; // the greatest finite number
            case 'm' -> sign | infinity - 1;
            case 't' -> 2 * half; // the least normal number
            case 's' -> 1; // the least subnormal number
            case 'r' -> sign | 1;
            default -> throw new IllegalArgumentException("letter " + letter);
        };
    }

    private static long bias(final DataType type) {
        return type == DataType.FLOAT32 ? 127 : 1023;
    }

    /** Bits of the fraction. */
    private static int digits(final DataType type) {
        return type == DataType.FLOAT32 ? 23 : 52;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(final long seed) {
        long z = seed;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
