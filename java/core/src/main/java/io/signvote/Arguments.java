package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;

/** Checks what callers hand over, before anything is sent. */
final class Arguments {
    private Arguments() {}

    /** Address of a direct buffer's position, from which so many elements must be left; 0 for none, whatever the buffer. */
    static long address(final String name, final ByteBuffer buffer, final DataType type, final long count) {
        if (count == 0) {
            return 0;
        }
        if (buffer == null) {
            throw new ConfigurationException(name + "=null with count=" + count + ", take a direct buffer");
        }
        if (!buffer.isDirect()) {
            throw new ConfigurationException(name + " is on the heap, take a direct buffer or float[]");
        }
        if (type == null || buffer.remaining() < type.sizeOf(count)) {
            throw new ConfigurationException(name + " has " + buffer.remaining() + " bytes remaining, " + type
                    + " count=" + count + " needs " + (type == null ? "a type" : type.sizeOf(count)));
        }
        // floats written through it would have their bytes reversed
        if (type != DataType.BYTE && buffer.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new ConfigurationException(
                    name + " is big-endian, take " + name + ".order(ByteOrder.LITTLE_ENDIAN) before it is filled");
        }
        return BufferUtil.address(buffer) + buffer.position();
    }

    static void ensureWritable(final ByteBuffer target, final long count) {
        if (count > 0 && target != null && target.isReadOnly()) {
            throw new ConfigurationException("target is read-only, take a buffer that can be written");
        }
    }

    static void ensureAddress(final String name, final long address, final long count) {
        if (address == 0 && count != 0) {
            throw new ConfigurationException(name + "=0 is no address, which count=" + count + " needs");
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
