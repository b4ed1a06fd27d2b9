package io.signvote.kernel.cuda;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.Test;

class JcudaPointersTest {
    @Test
    void shouldPointObjectsOfJcudaToWhatSomebodyElseMade() {
        final CUstream stream = new CUstream();

        assertSame(stream, JcudaPointers.point(stream, 0x7F00_1234_5678L));

        assertEquals(0x7F00_1234_5678L, JcudaPointers.value(stream));
        assertMessage(stream.toString(), "7f0012345678");
        assertEquals(1, JcudaPointers.value(JcudaPointers.point(stream, 1)));
        assertEquals(-8, JcudaPointers.value(JcudaPointers.point(new CUdeviceptr(), -8)));
        assertEquals(8, JcudaPointers.value(JcudaPointers.point(new Pointer(), 8)));
        assertEquals(9, JcudaPointers.value(JcudaPointers.point(new CUevent(), 9)));
        assertEquals(10, JcudaPointers.value(JcudaPointers.point(new CUcontext(), 10)));
    }

    @Test
    void shouldBeWhatJcudaCallsNullAtFirst() {
        assertEquals(0, JcudaPointers.value(new CUstream()));
        assertEquals(new CUstream(), JcudaPointers.point(JcudaPointers.point(new CUstream(), 5), 0));
    }
}
