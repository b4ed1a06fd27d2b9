package io.signvote.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Any bytes as a data frame, found by coverage; {@code ci/long/fuzz} looks for more. */
class DataFrameFuzzTest {
    /** The key and view of {@code frames.csv}, whose frames are the corpus. */
    private final DataFrame frame = new DataFrame(0x0123456789ABCDEFL, 1);

    /** A header is refused, or it is byte for byte what we would write ourselves. */
    @FuzzTest
    void shouldReadAnyHeaderOrRefuseIt(final byte[] bytes) {
        final DataFrameDecoder header = frame.read(new UnsafeBuffer(bytes), 0, bytes.length);
        if (header == null) {
            return;
        }
        assertTrue(bytes.length >= DataFrame.HEADER_LENGTH);
        final Call call = new Call();
        if (!call.read(header)) {
            return;
        }
        assertTrue(call.matches(header));
        assertTrue(call.count() >= 1 && call.count() <= Call.MAX_COUNT);
        assertNotNull(call.toString());

        final byte[] again = new byte[DataFrame.HEADER_LENGTH];
        frame.write(
                new UnsafeBuffer(again),
                0,
                header.kind(),
                header.round(),
                call,
                header.chunk(),
                header.coordinates(),
                header.ballots(),
                header.credit());
        assertArrayEquals(Arrays.copyOf(bytes, DataFrame.HEADER_LENGTH), again);
        assertTrue(call.collective().takes(call.op(), call.type()));
    }
}
