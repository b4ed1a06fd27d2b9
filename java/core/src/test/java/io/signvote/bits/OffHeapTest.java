package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.UnsafeApi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffHeapTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, 65, 1_000_003})
    void shouldGiveAlignedZeroedMemoryUntilClosed(final long length) {
        final OffHeap memory = new OffHeap(length);

        assertEquals(0, memory.address() % 64);
        assertEquals(length, memory.length());
        for (long i = 0; i < length; i++) {
            assertEquals(0, UnsafeApi.getByte(memory.address() + i));
        }

        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, memory::address);
    }
}
