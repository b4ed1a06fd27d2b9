package io.signvote;

import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** Memory of a program, in every form that {@link Elements} take, with bytes around it that no call may write. */
final class Lent implements AutoCloseable {
    /** Kind of memory. */
    enum Form {
        ADDRESS,
        DIRECT_BUFFER,
        HEAP_BUFFER,
        AGRONA_BUFFER,
        ARRAY,
        SEGMENTS
    }

    private static final int GUARD = 64;
    private static final byte PAINT = 0x5A;

    private final OffHeap memory;
    private final ByteBuffer bytes;
    private final Object array;
    private final Elements elements;

    /** Memory of a form, filled with content. */
    Lent(final Form form, final DataType type, final long count, final byte[] content) {
        final int length = content.length;
        memory = new OffHeap(length + 2 * GUARD);
        final UnsafeBuffer outside = new UnsafeBuffer(memory.address(), length + 2 * GUARD);
        outside.setMemory(0, outside.capacity(), PAINT);
        outside.putBytes(GUARD, content);
        final boolean isHeap = form == Form.HEAP_BUFFER || form == Form.AGRONA_BUFFER && count % 2 == 0;
        bytes = isHeap ? ByteBuffer.allocate(length + 2 * GUARD) : ByteBuffer.allocateDirect(length + 2 * GUARD);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, outside.getByte(i));
        }
        bytes.position(GUARD).limit(GUARD + length);
        array = form == Form.ARRAY ? array(type, length) : null;
        elements = switch (form) {
            case ADDRESS -> Elements.at(memory.address() + GUARD, count, type);
            case DIRECT_BUFFER, HEAP_BUFFER -> Elements.of(bytes, type).slice(0, count);
            case AGRONA_BUFFER ->
                Elements.of(new UnsafeBuffer(bytes, GUARD, length), type).slice(0, count);
            case ARRAY -> ofArray(type, count);
            case SEGMENTS -> segments(type, count);
        };
        if (form == Form.ARRAY) {
            elements.write(memory.address() + GUARD, 0, count);
        }
    }

    Elements elements() {
        return elements;
    }

    /** The content now. What lies around it must be as it was. */
    byte[] content() {
        final byte[] content = new byte[(int) elements.type().sizeOf(elements.count())];
        try (OffHeap copy = new OffHeap(content.length)) {
            elements.read(0, elements.count(), copy.address());
            new UnsafeBuffer(copy.address(), content.length).getBytes(0, content);
        }
        final UnsafeBuffer outside = new UnsafeBuffer(memory.address(), (int) memory.length());
        final ByteBuffer around = bytes.duplicate().clear();
        for (int i = 0; i < GUARD; i++) {
            if (outside.getByte(i) != PAINT
                    || outside.getByte(outside.capacity() - 1 - i) != PAINT
                    || around.get(around.capacity() - 1 - i) != PAINT
                    || around.get(i) != PAINT) {
                throw new AssertionError("written around the memory, at byte " + i);
            }
        }
        return content;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(memory);
    }

    private static Object array(final DataType type, final int length) {
        return switch (type) {
            case SIGN, INT64 -> new long[length / 8];
            case FLOAT64 -> new double[length / 8];
            case FLOAT32 -> new float[length / 4];
            case INT32 -> new int[length / 4];
            case FLOAT16, BFLOAT16 -> new short[length / 2];
            case INT8, UINT8 -> new byte[length];
        };
    }

    private Elements ofArray(final DataType type, final long count) {
        return switch (type) {
            case SIGN -> Elements.signs((long[]) array, count);
            case INT64 -> Elements.of((long[]) array);
            case FLOAT64 -> Elements.of((double[]) array);
            case FLOAT32 -> Elements.of((float[]) array);
            case INT32 -> Elements.of((int[]) array);
            case FLOAT16, BFLOAT16 -> Elements.of((short[]) array, type);
            case INT8, UINT8 -> Elements.of((byte[]) array, type);
        };
    }

    /** Off the heap, on the heap, empty and off the heap again: cuts within chunks, and of floats within words. */
    private Elements segments(final DataType type, final long count) {
        final long unit = type == DataType.SIGN ? 64 : 1;
        final long first = count / unit / 3 * unit;
        final long second = count / unit / 2 * unit;
        final int from = (int) type.sizeOf(first);
        final int to = (int) type.sizeOf(second);
        final byte[] content = new byte[bytes.remaining()];
        bytes.get(bytes.position(), content);
        final ByteBuffer heap = ByteBuffer.wrap(Arrays.copyOfRange(content, from, to));
        final Elements middle = Elements.of(heap.order(ByteOrder.LITTLE_ENDIAN), type);
        final Elements outside = Elements.at(memory.address() + GUARD, count, type);
        return Elements.join(
                outside.slice(0, first), middle, outside.slice(0, 0), outside.slice(second, count - second));
    }
}
