package io.signvote.collective;

import io.signvote.bits.Halves;
import io.signvote.bits.Hash;
import io.signvote.op.DataType;
import org.agrona.UnsafeApi;

/** The hash of a result that every rank has tallied itself, equal on ranks with equal results. */
final class ResultHash {
    private ResultHash() {}

    /**
     * Hashes a result. All NaNs of a type have the same hash, because the bits of a NaN depend on the backend.
     *
     * @param type of the elements.
     * @param address of type[count], or of uint64[ceil(count / 64)] of SIGN.
     * @param count elements, at least 0.
     * @return 32 bits.
     */
    static int of(final DataType type, final long address, final long count) {
        long hash = Hash.EMPTY;
        final long n = type == DataType.SIGN ? type.sizeOf(count) / Long.BYTES : count;
        for (long i = 0; i < n; i++) {
            hash = Hash.add(hash, bits(type, address, i));
        }
        return (int) (hash ^ hash >>> Integer.SIZE);
    }

    private static long bits(final DataType type, final long address, final long i) {
        return switch (type) {
            case SIGN, INT64 -> UnsafeApi.getLong(address + 8 * i);
            case FLOAT64 -> Double.doubleToLongBits(UnsafeApi.getDouble(address + 8 * i));
            case FLOAT32 -> Float.floatToIntBits(UnsafeApi.getFloat(address + 4 * i));
            case INT32 -> UnsafeApi.getInt(address + 4 * i);
            case FLOAT16 -> Float.floatToIntBits(Halves.ofFloat16(UnsafeApi.getShort(address + 2 * i)));
            case BFLOAT16 -> Float.floatToIntBits(Halves.ofBfloat16(UnsafeApi.getShort(address + 2 * i)));
            case INT8 -> UnsafeApi.getByte(address + i);
            case UINT8 -> Byte.toUnsignedLong(UnsafeApi.getByte(address + i));
        };
    }
}
