package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.Test;

class RawTest {
    @Test
    void shouldPointObjectsOfJcudaToWhatSomebodyElseMade() {
        final CUstream stream = new CUstream();

        assertSame(stream, Raw.point(stream, 0x7F00_1234_5678L));

        assertEquals(0x7F00_1234_5678L, Raw.value(stream));
        assertTrue(stream.toString().contains("7f0012345678"), stream.toString());
        assertEquals(1, Raw.value(Raw.point(stream, 1)));
        assertEquals(-8, Raw.value(Raw.point(new CUdeviceptr(), -8)));
        assertEquals(8, Raw.value(Raw.point(new Pointer(), 8)));
        assertEquals(9, Raw.value(Raw.point(new CUevent(), 9)));
        assertEquals(10, Raw.value(Raw.point(new CUcontext(), 10)));
    }

    @Test
    void shouldBeWhatJcudaCallsNullAtFirst() {
        assertEquals(0, Raw.value(new CUstream()));
        assertEquals(new CUstream(), Raw.point(Raw.point(new CUstream(), 5), 0));
    }
}
