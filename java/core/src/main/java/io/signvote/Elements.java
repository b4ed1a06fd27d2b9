package io.signvote;

import static io.signvote.Arguments.ensureCount;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Elements of one type in memory of the caller: a heap array, a buffer, an address, or several of these one after another. A
 * collective reads or writes them. All numbers are little-endian, as on every processor that the library supports.
 *
 * <p>Names memory, and copies nothing. Make it once for each piece of memory, and use it for many calls: a call then allocates
 * nothing. Keeps arrays and buffers reachable, but not the memory behind an address. The memory is lent to a call until the call
 * is done. Immutable and thread-safe.
 */
public final class Elements {
    private final DataType type;
    private final long count;

    /** Pieces with at least one element, in order. */
    private final Piece[] pieces;

    /** The smallest address range that contains all pieces outside the heap. It decides most overlap checks without a loop over the
     * pieces. */
    private final long outsideFirst;

    private final long outsideEnd;
    private final boolean hasArrays;

    /**
     * A piece of memory without a gap.
     *
     * @param array that holds the elements, or null if they are outside the heap.
     * @param offset of the first element in the array, as Unsafe counts it, or its address.
     * @param first index of the first element.
     * @param count elements.
     * @param buffer to keep reachable, or null.
     * @param isReadOnly whether the memory may not be written.
     */
    private record Piece(Object array, long offset, long first, long count, Object buffer, boolean isReadOnly) {
        Piece from(final long start) {
            return new Piece(array, offset, start, count, buffer, isReadOnly);
        }
    }

    private Elements(final DataType type, final List<Piece> pieces) {
        this.type = type;
        final List<Piece> placed = new ArrayList<>();
        long end = 0;
        for (final Piece piece : pieces) {
            if (piece.count > 0) {
                placed.add(piece.from(end));
                end += piece.count;
                ensureCount(end);
            }
        }
        count = end;
        this.pieces = placed.toArray(Piece[]::new);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        boolean isOnHeap = false;
        for (final Piece piece : this.pieces) {
            isOnHeap |= piece.array != null;
            if (piece.array == null) {
                first = Math.min(first, piece.offset);
                last = Math.max(last, piece.offset + type.sizeOf(piece.count));
            }
        }
        outsideFirst = first;
        outsideEnd = last;
        hasArrays = isOnHeap;
    }

    /**
     * Elements at an address. The caller keeps the memory alive while calls use it.
     *
     * @param address of type[count], or of uint64[ceil(count / 64)] of SIGN. Numbers are aligned to their size. May be 0 if the count
     *     is 0.
     * @param count elements, 0 to {@link Communicator#MAX_COUNT}.
     * @param type of the elements.
     * @return the elements.
     * @throws ConfigurationException if the count is out of range, if the type is null, or if the address is 0 and the count is not.
     */
    public static Elements at(final long address, final long count, final DataType type) {
        ensureType(type);
        ensureCount(count);
        Arguments.ensureAddress("address", address, count);
        return of(type, null, address, count, null, false);
    }

    /**
     * The rest of a buffer, from its position to its limit. Later changes of the position do not matter.
     *
     * @param buffer direct or on the heap, little-endian unless an element is one byte. Its bytes are whole elements; of SIGN whole words
     *     of 8 bytes.
     * @param type of the elements.
     * @return the elements. A call refuses a read-only buffer as its target.
     * @throws ConfigurationException if the type is null, and if the buffer is null, big-endian (as Java makes it), read-only on the
     *     heap, or no whole number of elements.
     */
    public static Elements of(final ByteBuffer buffer, final DataType type) {
        ensureType(type);
        if (buffer == null) {
            throw new ConfigurationException("buffer=null, give a buffer");
        }
        Arguments.ensureLittleEndian("buffer", buffer, type);
        final long n = countOf(buffer.remaining(), type);
        if (buffer.isDirect()) {
            return of(type, null, BufferUtil.address(buffer) + buffer.position(), n, buffer, buffer.isReadOnly());
        }
        if (!buffer.hasArray()) {
            throw new ConfigurationException(
                    "buffer is read-only and on the heap, and does not show its array: use a direct buffer");
        }
        final long offset = BufferUtil.ARRAY_BASE_OFFSET + buffer.arrayOffset() + buffer.position();
        return of(type, buffer.array(), offset, n, buffer, false);
    }

    /**
     * All memory that an Agrona buffer wraps at the time of this call. If the buffer later wraps other memory or grows, the elements
     * still name the old memory. If the buffer wraps an address, the caller keeps that memory alive while calls use it.
     *
     * @param buffer around memory outside the heap, or around a byte array. Its capacity is whole elements; of SIGN whole words of 8
     *     bytes.
     * @param type of the elements.
     * @return the elements.
     * @throws ConfigurationException if the type or the buffer is null, or if the capacity is no whole number of elements.
     */
    public static Elements of(final DirectBuffer buffer, final DataType type) {
        ensureType(type);
        if (buffer == null) {
            throw new ConfigurationException("buffer=null, give a buffer");
        }
        final boolean isReadOnly =
                buffer.byteBuffer() != null && buffer.byteBuffer().isReadOnly();
        final long n = countOf(buffer.capacity(), type);
        final Object owner = buffer.byteBuffer() != null ? buffer.byteBuffer() : buffer;
        return of(type, buffer.byteArray(), buffer.addressOffset(), n, owner, isReadOnly);
    }

    /**
     * All of a heap array, as FLOAT32.
     *
     * @param array float32[n].
     * @return n elements.
     */
    public static Elements of(final float[] array) {
        return of(DataType.FLOAT32, array, array.length);
    }

    /**
     * All of a heap array, as FLOAT64.
     *
     * @param array float64[n].
     * @return n elements.
     */
    public static Elements of(final double[] array) {
        return of(DataType.FLOAT64, array, array.length);
    }

    /**
     * All of a heap array, as INT32.
     *
     * @param array int32[n].
     * @return n elements.
     */
    public static Elements of(final int[] array) {
        return of(DataType.INT32, array, array.length);
    }

    /**
     * All of a heap array, as INT64. {@link #signs} takes an array of packed signs.
     *
     * @param array int64[n].
     * @return n elements.
     */
    public static Elements of(final long[] array) {
        return of(DataType.INT64, array, array.length);
    }

    /**
     * All of a heap array of numbers of 16 bits.
     *
     * @param array n numbers.
     * @param type FLOAT16 or BFLOAT16.
     * @return n elements.
     * @throws ConfigurationException if the type is another.
     */
    public static Elements of(final short[] array, final DataType type) {
        return of(ensureSize(type, Short.BYTES), array, array.length);
    }

    /**
     * All of a heap array of numbers of 8 bits.
     *
     * @param array n numbers.
     * @param type INT8 or UINT8.
     * @return n elements.
     * @throws ConfigurationException if the type is another.
     */
    public static Elements of(final byte[] array, final DataType type) {
        return of(ensureSize(type, Byte.BYTES), array, array.length);
    }

    /**
     * Packed signs in a heap array: one bit each, 64 to a word, least significant first; 1 is negative.
     *
     * @param words uint64[at least ceil(count / 64)]. Unused tail bits of a source are ignored; those of a target are written as 0.
     * @param count signs, at least 0.
     * @return the signs.
     * @throws ConfigurationException if the array has fewer words than the signs take.
     */
    public static Elements signs(final long[] words, final long count) {
        ensureCount(count);
        Arguments.ensureFits("words", words.length, Words.count(count), "words");
        return of(DataType.SIGN, words, count);
    }

    /**
     * Segments, one after another as one vector without gaps, such as the tensors of a model.
     *
     * @param segments of one type, at least one. Of SIGN every segment but the last is a multiple of 64 signs.
     * @return all elements of the segments, in order.
     * @throws ConfigurationException if there is no segment, if one is null or has another type, if a segment of signs before the last
     *     is not a multiple of 64, or if all
     *     together are more than {@link Communicator#MAX_COUNT}.
     */
    public static Elements join(final Elements... segments) {
        if (segments.length == 0) {
            throw new ConfigurationException("join of no segments, give at least one");
        }
        final List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            final Elements segment = segments[i];
            if (segment == null) {
                throw new ConfigurationException("segment=" + i + " is null, give elements");
            }
            if (segment.type != segments[0].type) {
                throw new ConfigurationException(
                        "segment=" + i + " is " + segment + ", expected elements of type " + segments[0].type);
            }
            if (segment.type == DataType.SIGN && i < segments.length - 1 && segment.count % Words.LANES != 0) {
                throw new ConfigurationException("segment=" + i + " has " + segment.count
                        + " signs, expected a multiple of 64 in all but the last");
            }
            pieces.addAll(List.of(segment.pieces));
        }
        return new Elements(segments[0].type, pieces);
    }

    /**
     * A part of these elements, in the same memory. A call that writes a part of packed signs writes whole words, with zeros behind the
     * last sign.
     *
     * @param first index of the first element; of SIGN a multiple of 64.
     * @param n elements.
     * @return elements first to first + n - 1.
     * @throws ConfigurationException if the part is not within these elements, or if signs begin inside of a word.
     */
    public Elements slice(final long first, final long n) {
        if (first < 0 || n < 0 || first > count - n) {
            throw new ConfigurationException("slice(" + first + ", " + n + ") is outside of " + count + " elements");
        }
        if (type == DataType.SIGN && first % Words.LANES != 0) {
            throw new ConfigurationException(
                    "slice(" + first + ", " + n + ") of signs: first=" + first + ", expected a multiple of 64");
        }
        final List<Piece> parts = new ArrayList<>();
        for (final Piece piece : pieces) {
            final long from = Math.max(first, piece.first);
            final long to = Math.min(first + n, piece.first + piece.count);
            if (from < to) {
                parts.add(new Piece(piece.array, offset(piece, from), 0, to - from, piece.buffer, piece.isReadOnly));
            }
        }
        return new Elements(type, parts);
    }

    /** {@return number of elements} */
    public long count() {
        return count;
    }

    /** {@return type of the elements} */
    public DataType type() {
        return type;
    }

    /** {@return type and count} */
    @Override
    public String toString() {
        return type + "[" + count + "]";
    }

    // for calls

    /** Copies some of the elements to memory outside the heap. */
    void read(final long first, final long n, final long target) {
        long done = 0;
        for (int i = pieceOf(first); done < n; i++) {
            final Piece piece = pieces[i];
            final long part = Math.min(n - done, piece.first + piece.count - first - done);
            Copies.copy(piece.array, offset(piece, first + done), null, target + type.sizeOf(done), type.sizeOf(part));
            done += part;
        }
    }

    /** Copies memory outside the heap to some of the elements. */
    void write(final long source, final long first, final long n) {
        long done = 0;
        for (int i = pieceOf(first); done < n; i++) {
            final Piece piece = pieces[i];
            final long part = Math.min(n - done, piece.first + piece.count - first - done);
            Copies.copy(null, source + type.sizeOf(done), piece.array, offset(piece, first + done), type.sizeOf(part));
            done += part;
        }
    }

    /** Address of some of the elements, if they lie outside the heap, aligned and without a gap, else 0. */
    long address(final long first, final long n) {
        if (n == 0) {
            return 0;
        }
        final Piece piece = pieces[pieceOf(first)];
        final long address = offset(piece, first);
        final boolean isAligned = address % Math.max(1, type.size()) == 0;
        return piece.array == null && isAligned && first + n <= piece.first + piece.count ? address : 0;
    }

    /** Whether these elements and others have memory in common. */
    boolean overlaps(final Elements other) {
        if (!(hasArrays && other.hasArrays) && (outsideEnd <= other.outsideFirst || other.outsideEnd <= outsideFirst)) {
            return false;
        }
        for (final Piece piece : other.pieces) {
            if (overlaps(piece.array, piece.offset, piece.offset + other.type.sizeOf(piece.count))) {
                return true;
            }
        }
        return false;
    }

    /** Whether any element lies in these bytes of an array, or outside the heap if the array is null. */
    boolean overlaps(final Object array, final long from, final long to) {
        if (array == null ? to <= outsideFirst || outsideEnd <= from : !hasArrays) {
            return false;
        }
        for (final Piece piece : pieces) {
            if (piece.array == array && from < piece.offset + type.sizeOf(piece.count) && piece.offset < to) {
                return true;
            }
        }
        return false;
    }

    /** Whether the sink of a task writes any of these elements outside the heap, or its source reads one. */
    boolean isUsedBy(final Task task, final boolean isWritten) {
        for (final Piece piece : pieces) {
            final long end = piece.offset + type.sizeOf(piece.count);
            if (piece.array == null
                    && (task.hasSinkThatWrites(piece.offset, end)
                            || !isWritten && task.hasSourceThatReads(piece.offset, end))) {
                return true;
            }
        }
        return false;
    }

    void ensureWritable(final String name) {
        for (final Piece piece : pieces) {
            if (piece.isReadOnly) {
                throw new ConfigurationException(name + " is read-only, use a buffer that can be written");
            }
        }
    }

    private int pieceOf(final long element) {
        int low = 0;
        int high = pieces.length - 1;
        while (low < high) {
            final int middle = low + high + 1 >>> 1;
            if (pieces[middle].first <= element) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long offset(final Piece piece, final long element) {
        return piece.offset + type.sizeOf(element - piece.first);
    }

    private static Elements of(final DataType type, final Object array, final long n) {
        return of(
                type,
                array,
                UnsafeApi.arrayBaseOffset(Objects.requireNonNull(array).getClass()),
                n,
                null,
                false);
    }

    private static Elements of(
            final DataType type,
            final Object array,
            final long offset,
            final long n,
            final Object buffer,
            final boolean isReadOnly) {
        return new Elements(type, List.of(new Piece(array, offset, 0, n, buffer, isReadOnly)));
    }

    private static long countOf(final long length, final DataType type) {
        final long size = type == DataType.SIGN ? Long.BYTES : type.size();
        if (length % size != 0) {
            throw new ConfigurationException(
                    "buffer has " + length + " bytes, expected a multiple of " + size + " for " + type);
        }
        return type == DataType.SIGN ? length * Byte.SIZE : length / size;
    }

    private static void ensureType(final DataType type) {
        if (type == null) {
            throw new ConfigurationException("type=null, give the type of the elements");
        }
    }

    private static DataType ensureSize(final DataType type, final int size) {
        ensureType(type);
        if (type.size() != size) {
            throw new ConfigurationException("type=" + type + ", expected a type of " + size * Byte.SIZE
                    + " bits, as the elements of the array");
        }
        return type;
    }
}
