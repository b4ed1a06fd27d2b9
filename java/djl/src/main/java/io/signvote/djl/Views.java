package io.signvote.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.signvote.bits.Copies;
import io.signvote.error.ConfigurationException;
import io.signvote.optim.Segments;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * Addresses of the floats of some arrays, as one vector of coordinates in the order of the arrays. An address is valid
 * while its array is open. So {@link #locate} is called again in every step; it does not copy.
 */
final class Views {
    private static final long COUNT_MAX = Integer.MAX_VALUE / Float.BYTES;

    private final String[] names;
    private final long[] counts;
    private final long[] addresses;
    private final Segments segments;

    Views(final String[] names, final long[] counts) {
        this.names = names;
        this.counts = counts;
        addresses = new long[counts.length];
        segments = new Segments(counts);
    }

    long count() {
        return segments.count();
    }

    Segments segments() {
        return segments;
    }

    /** Finds the floats of an array. Throws with its name if they cannot be read and written in place. */
    void locate(final int index, final NDArray array) {
        final String name = names[index];
        final long count = counts[index];
        refuseIf(!Device.cpu().equals(array.getDevice()), name, "device=" + array.getDevice(), "train on Device.cpu()");
        refuseIf(
                array.getDataType() != DataType.FLOAT32,
                name,
                "type=" + array.getDataType(),
                "votes are on FLOAT32: keep the model's data type, or cast the parameter before initialize");
        refuseIf(
                array.isSparse(),
                name,
                "format=" + array.getSparseFormat(),
                "sparse gradients cannot be voted on: build the block with SparseFormat.DENSE");
        refuseIf(
                array.size() != count || count > COUNT_MAX,
                name,
                "floats=" + array.size(),
                count > COUNT_MAX
                        ? "a view holds " + COUNT_MAX + " at most: split the parameter"
                        : "it had " + count + " when training began: make a new trainer");
        final long address = address(array);
        refuseIf(
                address == 0 || address != address(array),
                name,
                "shape=" + array.getShape() + " is not contiguous",
                "the engine shows a copy of it: give the parameter a duplicate() of its own");
        addresses[index] = address;
        segments.at(index, address);
    }

    long address(final int index) {
        return addresses[index];
    }

    String name(final int index) {
        return names[index];
    }

    /** Copies all floats to one contiguous vector. */
    void gather(final long target) {
        copy(target, true);
    }

    /** Copies all floats from one contiguous vector. */
    void scatter(final long source) {
        copy(source, false);
    }

    void clear() {
        for (int i = 0; i < addresses.length; i++) {
            Copies.fill(addresses[i], counts[i] << 2, (byte) 0);
        }
    }

    boolean isAllZero() {
        for (int i = 0; i < addresses.length; i++) {
            for (long k = 0; k < counts[i]; k++) {
                if (UnsafeApi.getFloat(addresses[i] + (k << 2)) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void copy(final long vector, final boolean isGathered) {
        long there = vector;
        for (int i = 0; i < addresses.length; i++) {
            final long length = counts[i] << 2;
            Copies.copy(isGathered ? addresses[i] : there, isGathered ? there : addresses[i], length);
            there += length;
        }
    }

    /**
     * Address of an array's floats, or 0. An array that is not contiguous is copied for each buffer, so two buffers
     * have different addresses.
     */
    private static long address(final NDArray array) {
        final ByteBuffer view = array.toByteBuffer(true);
        return view.isDirect() ? BufferUtil.address(view) : 0;
    }

    private static void refuseIf(final boolean isWrong, final String name, final String fact, final String remedy) {
        if (isWrong) {
            throw new ConfigurationException("parameter=" + name + " " + fact + ", " + remedy);
        }
    }
}
