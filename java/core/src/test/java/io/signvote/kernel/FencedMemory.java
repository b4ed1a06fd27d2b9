package io.signvote.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.signvote.bits.OffHeap;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;

/** Memory at an awkward address between two fences, so that a kernel that writes one byte too far is found out. */
final class FencedMemory implements AutoCloseable {
    private static final int FENCE = 128;
    private static final byte CANARY = (byte) 0xA5;
    private static final int NAN_ABOVE = 0x7F80_0000;

    private final OffHeap memory;
    private final long address;
    private final long length;

    /** Memory with its fences up; {@code offset} is how far its address is from a multiple of 64, in bytes. */
    FencedMemory(final long length, final int offset) {
        memory = new OffHeap(length + 2 * FENCE + 64);
        address = memory.address() + FENCE + offset;
        this.length = length;
        UnsafeApi.setMemory(memory.address(), memory.length(), CANARY);
    }

    /** Two blocks that begin with the same random bytes. */
    static FencedMemory[] pair(final long length, final int offset, final SplittableRandom random) {
        final FencedMemory[] pair = {new FencedMemory(length, offset), new FencedMemory(length, offset)};
        for (long i = 0; i + 8 <= length; i += 8) {
            UnsafeApi.putLong(pair[0].address + i, random.nextLong());
        }
        UnsafeApi.copyMemory(pair[0].address, pair[1].address, length);
        return pair;
    }

    long address() {
        return address;
    }

    void assertFencesStand(final String what) {
        final long end = memory.address() + memory.length();
        for (long at = memory.address(); at < end; at++) {
            if (at == address) {
                at += length;
            }
            if (UnsafeApi.getByte(at) != CANARY) {
                fail(what + ": overwrote the byte at " + (at - address) + " of " + length);
            }
        }
    }

    void assertSameBytes(final FencedMemory expected, final String what) {
        for (long i = 0; i < length; i++) {
            if (UnsafeApi.getByte(expected.address + i) != UnsafeApi.getByte(address + i)) {
                fail(what + ": byte " + i + " of " + length + " differs");
            }
        }
    }

    /** Bits equal, but that any NaN equals any NaN. */
    void assertSameFloats(final FencedMemory expected, final String what) {
        for (long i = 0; i < length; i += 4) {
            final int wanted = UnsafeApi.getInt(expected.address + i);
            final int found = UnsafeApi.getInt(address + i);
            if (wanted != found && !(isNaN(wanted) && isNaN(found))) {
                assertEquals(Integer.toHexString(wanted), Integer.toHexString(found), what + ": float " + i / 4);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private static boolean isNaN(final int bits) {
        return (bits & 0x7FFF_FFFF) > NAN_ABOVE;
    }
}
