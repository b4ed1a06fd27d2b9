package io.signvote.kernel.cuda;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jcuda.NativePointerObject;

/**
 * Reads and writes the address or handle inside an object of JCuda. JCuda takes no handle of a framework, and it makes a new
 * pointer for each offset. Here one object points to one address after another.
 */
public final class JcudaPointers {
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

    private JcudaPointers() {}

    /**
     * Points an object to an address, or makes it stand for a handle.
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
     * Returns the address that an object points to, or the handle that it stands for.
     *
     * @param object stream, event, context, device pointer or host pointer.
     * @return address or handle.
     */
    public static long value(final NativePointerObject object) {
        return (long) VALUE.get(object);
    }
}
