package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;

/** Checks the arguments of a call before anything is sent. */
final class Arguments {
    private Arguments() {}

    /**
     * Address of a direct buffer's position. The buffer must have {@code count} elements from there on. For a count of
     * 0 this is 0, whatever the buffer is.
     */
    static long address(final String name, final ByteBuffer buffer, final DataType type, final long count) {
        if (count == 0) {
            return 0;
        }
        if (buffer == null) {
            throw new ConfigurationException(name + "=null with count=" + count + ", use a direct buffer");
        }
        if (!buffer.isDirect()) {
            throw new ConfigurationException(name + " is on the heap, use a direct buffer or float[]");
        }
        if (type == null || buffer.remaining() < type.sizeOf(count)) {
            throw new ConfigurationException(name + " has " + buffer.remaining() + " bytes remaining, " + type
                    + " count=" + count + " needs " + (type == null ? "a type" : type.sizeOf(count)));
        }
        ensureLittleEndian(name, buffer, type);
        return BufferUtil.address(buffer) + buffer.position();
    }

    /** Numbers that a big-endian buffer has written have reversed bytes. */
    static void ensureLittleEndian(final String name, final ByteBuffer buffer, final DataType type) {
        if (type.size() != 1 && buffer.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new ConfigurationException(
                    name + " is big-endian, call " + name + ".order(ByteOrder.LITTLE_ENDIAN) before you fill it");
        }
    }

    static void ensureWritable(final ByteBuffer target, final long count) {
        if (count > 0 && target != null && target.isReadOnly()) {
            throw new ConfigurationException("target is read-only, use a buffer that can be written");
        }
    }

    static void ensureAddress(final String name, final long address, final long count) {
        if (address == 0 && count != 0) {
            throw new ConfigurationException(name + "=0 is not a valid address for count=" + count);
        }
    }

    static void ensureCount(final long count) {
        if (count < 0 || count > Communicator.MAX_COUNT) {
            throw new ConfigurationException("count=" + count + ", expected 0 to " + Communicator.MAX_COUNT);
        }
    }

    static void ensureFits(final String name, final long length, final long needed, final String unit) {
        if (length < needed) {
            throw new ConfigurationException(name + " has " + length + " " + unit + ", needs " + needed);
        }
    }
}
