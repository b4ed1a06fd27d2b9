package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ResultHashTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/results.csv", useHeadersInDisplayName = true)
    void shouldHashAsPublished(final DataType type, final long count, final String result, final int check) {
        final byte[] bytes = HexFormat.of().parseHex(result == null ? "" : result);
        try (OffHeap memory = new OffHeap(bytes.length)) {
            new UnsafeBuffer(memory.address(), bytes.length).putBytes(0, bytes);
            assertEquals(check, ResultHash.of(type, memory.address(), count));
        }
    }
}
