package io.signvote.kernel.cuda;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jcuda.NativePointerObject;

/**
 * Addresses and handles as numbers, in and out of JCuda's objects. JCuda has no way in for what a framework made, and its
 * pointers cannot be moved: one is made for each offset, on the heap. Here one object is pointed to one thing after another.
 */
public final class Raw {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.privateLookupIn(NativePointerObject.class, MethodHandles.lookup())
                    .findVarHandle(NativePointerObject.class, "nativePointer", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "jcuda.NativePointerObject has no nativePointer, take the jcuda that this was built with", e);
        }
    }

    private Raw() {}

    /**
     * Points an object to something.
     *
     * @param <T> kind of object.
     * @param object stream, event, context, device pointer or host pointer, without an offset or buffer of its own.
     * @param value address or handle.
     * @return the object.
     */
    public static <T extends NativePointerObject> T point(final T object, final long value) {
        VALUE.set(object, value);
        return object;
    }

    /**
     * What an object points to.
     *
     * @param object as above.
     * @return address or handle.
     */
    public static long value(final NativePointerObject object) {
        return (long) VALUE.get(object);
    }
}
