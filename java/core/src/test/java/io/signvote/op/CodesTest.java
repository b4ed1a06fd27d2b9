package io.signvote.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that frames and kernels know policies and types by. A change here is another wire. */
class CodesTest {
    @ParameterizedTest
    @CsvSource({"POSITIVE, 0", "RANDOM, 1", "ABSTAIN, 2"})
    void shouldKeepCodeOfZeroPolicy(final ZeroPolicy policy, final int code) {
        assertEquals(code, policy.code());
        assertEquals(policy, ZeroPolicy.of(code));
    }

    @ParameterizedTest
    @CsvSource({"POSITIVE, 0", "RANDOM, 1", "NEGATIVE, 2", "ZERO, 3"})
    void shouldKeepCodeOfTiePolicy(final TiePolicy policy, final int code) {
        assertEquals(code, policy.code());
        assertEquals(policy, TiePolicy.of(code));
    }

    @ParameterizedTest
    @CsvSource({
        "SIGN, 1",
        "FLOAT32, 2",
        "UINT8, 3",
        "FLOAT16, 4",
        "BFLOAT16, 5",
        "FLOAT64, 6",
        "INT8, 7",
        "INT32, 8",
        "INT64, 9"
    })
    void shouldKeepCodeOfDataType(final DataType type, final int code) {
        assertEquals(code, type.code());
        assertEquals(type, DataType.of(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 10, 255, Integer.MAX_VALUE})
    void shouldKnowNoOtherCode(final int code) {
        assertNull(ZeroPolicy.of(code));
        assertNull(TiePolicy.of(code));
        assertNull(DataType.of(code));
    }
}
