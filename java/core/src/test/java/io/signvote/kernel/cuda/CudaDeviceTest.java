package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class CudaDeviceTest {
    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @Test
    void shouldPackOnTheDevice() {
        try (CudaDevice device = CudaDevice.open(0)) {
            final int n = 1000;
            final long stream = device.newStream();
            final long pinned = device.allocatePinned(4 * n);
            final long number = device.allocatePinned(4);
            final long values = device.allocate(4 * n);
            final long words = device.allocate(8 * 16);
            final long counts = device.allocate(16);
            UnsafeApi.putIntVolatile(null, number, 0);
            for (int i = 0; i < n; i++) {
                UnsafeApi.putFloat(pinned + 4 * i, i % 3 == 0 ? -1 : 1);
            }
            device.clear(counts, 16, stream);
            device.upload(pinned, values, 4 * n, stream);
            device.packSigns(values, DataType.FLOAT32, words, n, ZeroPolicy.RANDOM, 1, 0, counts, stream);
            device.download(words, pinned, 8 * 16, stream);
            device.signal(number, 7, stream);
            while (UnsafeApi.getIntVolatile(null, number) != 7) {
                device.isIdle(stream);
                Thread.onSpinWait();
            }
            for (int i = 0; i < n; i++) {
                assertEquals(i % 3 == 0, (UnsafeApi.getLong(pinned + 8 * (i / 64)) >>> i % 64 & 1) == 1, "i=" + i);
            }
        }
    }
}
