package io.signvote.collective;

import io.signvote.bits.OffHeap;
import java.lang.reflect.Field;

/** Bytes of memory outside the heap that a round or a tally holds, found in its fields. */
final class OffHeapLength {
    private OffHeapLength() {}

    /** Adds the lengths of all blocks in the fields of an object and of its tallies. */
    static long of(final Object object) {
        long length = 0;
        for (final Field field : object.getClass().getDeclaredFields()) {
            final Object value = valueOf(field, object);
            if (value instanceof OffHeap block) {
                length += block.length();
            } else if (value instanceof Tally tally) {
                length += of(tally);
            }
        }
        return length;
    }

    private static Object valueOf(final Field field, final Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (final IllegalAccessException e) {
            throw new AssertionError(field + " cannot be read", e);
        }
    }
}
