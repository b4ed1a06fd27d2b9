package io.signvote.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every check of a header, one field at a time. Offsets are those of the specification, not of the schema's constants. */
class DataFrameTest {
    private static final long KEY = 0x0123_4567_89AB_CDEFL;
    private static final int VIEW = 3;
    private static final int OFFSET = 32;
    private static final int COLLECTIVE = OFFSET + 62;

    private final DataFrame frames = new DataFrame(KEY, VIEW);
    private final Call call = new Call().set(Collective.BROADCAST, null, DataType.FLOAT32, 1000, 5, 2);
    private final UnsafeBuffer buffer = Hex.buffer(OFFSET + 256);

    DataFrameTest() {
        frames.write(buffer, OFFSET, DataFrame.VERDICT, 9, call, 1, 24, 1, 8);
    }

    @Test
    void shouldKeepNinetySixBytes() {
        assertEquals(96, DataFrame.HEADER_LENGTH);
    }

    @Test
    void shouldReadWhatItWrote() {
        final DataFrameDecoder header = read(DataFrame.HEADER_LENGTH);

        assertNotNull(header);
        assertEquals(9, header.round());
        assertEquals(1, header.chunk());
        assertEquals(24, header.coordinates());
        assertTrue(call.matches(header));
    }

    @Test
    void shouldTouchNothingAroundTheHeader() {
        final UnsafeBuffer untouched = Hex.buffer(OFFSET + 256);
        untouched.setMemory(0, untouched.capacity(), (byte) 0x5A);

        frames.write(untouched, OFFSET, DataFrame.BALLOT, 1, call, 0, 1, 0, 1);

        for (int i = 0; i < untouched.capacity(); i++) {
            assertTrue(i >= OFFSET && i < OFFSET + 96 || untouched.getByte(i) == 0x5A, "byte " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 8, 64, 95})
    void shouldRefuseLessThanAHeader(final int length) {
        assertNull(read(length));
    }

    @ParameterizedTest
    @CsvSource({
        "blockLength, 0,  56",
        "blockLength, 0,  87",
        "blockLength, 0,  89",
        "blockLength, 0,  0",
        "templateId,  2,  0",
        "templateId,  2,  2",
        "templateId,  2,  65535",
        "schemaId,    4,  0",
        "schemaId,    4,  5349",
        "schemaId,  4,  5351",
        "version,     6,  0",
        "version,     6,  1",
        "version,     6,  3",
        "version,     6,  65535"
    })
    void shouldRefuseAnotherSchema(final String field, final int offset, final int value) {
        buffer.putShort(OFFSET + offset, (short) value, ByteOrder.LITTLE_ENDIAN);

        assertNull(read(buffer.capacity() - OFFSET), field);
    }

    @Test
    void shouldRefuseAnotherJobInEveryBitOfTheKey() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            buffer.putLong(OFFSET + 8, KEY ^ 1L << bit, ByteOrder.LITTLE_ENDIAN);

            assertNull(read(buffer.capacity() - OFFSET), "bit " + bit);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, -1})
    void shouldRefuseAnotherView(final int view) {
        buffer.putInt(OFFSET + 68, view, ByteOrder.LITTLE_ENDIAN);

        assertNull(read(buffer.capacity() - OFFSET));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void shouldRefuseAnotherNumberOfPlanes(final int planes) {
        buffer.putByte(OFFSET + 93, (byte) planes);

        assertNull(read(buffer.capacity() - OFFSET));
    }

    @ParameterizedTest
    @CsvSource({
        "ballots, 80, 2",
        "weightSum, 84, 0",
        "weightSum, 84, 2",
        "weightSum, 87, 1",
        "weight, 88, 0",
        "weight, 88, 2",
        "weight, 89, 1",
        "reserved, 94, 1",
        "reserved, 95, 128"
    })
    void shouldRefuseAnyOtherWeight(final String field, final int offset, final int value) {
        buffer.putByte(OFFSET + offset, (byte) value);

        assertNull(read(buffer.capacity() - OFFSET), field);
    }

    @Test
    void shouldRefuseRandomBytes() {
        final long seed = Long.getLong("signvote.test.seed", System.nanoTime());
        final Random random = new Random(seed);
        final byte[] bytes = new byte[256];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            buffer.putBytes(OFFSET, bytes);

            assertNull(read(random.nextInt(bytes.length + 1)), "signvote.test.seed=" + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "count,      32, 1001",
        "step,   24, 6",
        "firstWord, 40, 1",
        "firstWord, 47, 1",
        "options, 48, 1",
        "options, 55, 1",
        "tag,    56, 1",
        "tag,    59, 1",
        "root,   60, 3",
        "collective, 62, 1",
        "reduction, 63, 1",
        "dataType, 64, 1",
        "zeroPolicy, 65, 0",
        "tiePolicy, 66, 0",
        "admits, 67, 1"
    })
    void shouldFindEveryFieldOfAnotherCall(final String field, final int offset, final int value) {
        final int least = offset + OFFSET;
        buffer.putByte(least, (byte) value);
        if (field.equals("count")) {
            buffer.putLong(least, value, ByteOrder.LITTLE_ENDIAN);
        }

        assertFalse(call.matches(read(DataFrame.HEADER_LENGTH)), field);
    }

    @ParameterizedTest
    @CsvSource({"round,   16, 77", "chunk,   72, 77", "coordinates, 76, 77", "credit,  90, 77", "kind, 92, 1"})
    void shouldNotTakeProgressForAnotherCall(final String field, final int offset, final int value) {
        buffer.putByte(OFFSET + offset, (byte) value);

        assertTrue(call.matches(read(DataFrame.HEADER_LENGTH)), field);
    }

    @ParameterizedTest
    @CsvSource({
        "collective, 62, 0",
        "collective, 62, 6",
        "collective, 62, 255",
        "collective, 62, 1",
        "reduction,  63, 1",
        "reduction,  63, 255",
        "firstWord,  40, 1",
        "firstWord,  47, 255",
        "admits,     67, 1",
        "admits,     67, 2",
        "dataType,   64, 0",
        "dataType,   64, 10",
        "dataType,   64, 255",
        "collective, 62, 4",
        "collective, 62, 5",
        "zeroPolicy, 65, 2",
        "zeroPolicy, 65, 3",
        "zeroPolicy, 65, 255",
        "tiePolicy,  66, 3",
        "tiePolicy,  66, 4",
        "tiePolicy,  66, 255"
    })
    void shouldNotTakeOverUnknownCodes(final String field, final int offset, final int value) {
        buffer.putByte(OFFSET + offset, (byte) value);

        assertTakesNothingOver(field);
    }

    /** The call of the frame becomes an allreduce of this reduction and type. */
    @ParameterizedTest
    @CsvSource({"1, 3", "1, 4", "1, 9", "2, 1", "3, 1", "7, 2", "7, 6", "9, 1"})
    void shouldNotTakeOverATypeThatTheReductionDoesNotTake(final int reduction, final int type) {
        buffer.putByte(OFFSET + 62, (byte) 1);
        buffer.putByte(OFFSET + 63, (byte) reduction);
        buffer.putByte(OFFSET + 64, (byte) type);

        assertTakesNothingOver("reduction=" + reduction + " type=" + type);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Call.MAX_COUNT + 1})
    void shouldNotTakeOverACountOutOfRange(final long count) {
        buffer.putLong(OFFSET + 32, count, ByteOrder.LITTLE_ENDIAN);

        assertTakesNothingOver("count=" + count);
    }

    @ParameterizedTest
    @CsvSource({
        "ALL_REDUCE, 1",
        "BROADCAST, 2",
        "BARRIER, 3",
        "LENGTHS, 4",
        "ALL_GATHER_V, 5",
        "REDUCE, 6",
        "REDUCE_SCATTER, 7",
        "ALL_GATHER, 8",
        "GATHER, 9",
        "SCATTER, 10",
        "ALL_TO_ALL, 11"
    })
    void shouldNumberCollectivesAsPublished(final Collective collective, final int code) {
        assertEquals(code, collective.code());
        assertEquals(collective, Collective.of(code));
    }

    @ParameterizedTest
    @CsvSource({"MAJORITY, 1", "SUM, 2", "AVG, 3", "MIN, 4", "MAX, 5", "PROD, 6", "BAND, 7", "BOR, 8", "BXOR, 9"})
    void shouldNumberReductionsAsPublished(final ReduceOp op, final int code) {
        assertEquals(code, op.code());
        assertEquals(op, ReduceOp.of(code));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1, 10", "2, 1", "3, 1", "5, 2", "12, 0", "255, 255", "6, 0", "9, 2"})
    void shouldTakeOverNoOtherCollective(final int collective, final int reduction) {
        buffer.putByte(COLLECTIVE, (byte) collective);
        buffer.putByte(COLLECTIVE + 1, (byte) reduction);

        assertTakesNothingOver("collective=" + collective + " reduction=" + reduction);
    }

    private void assertTakesNothingOver(final String what) {
        final Call theirs = new Call().set(ReduceOp.SUM, DataType.FLOAT32, 4, 0);

        assertFalse(theirs.read(read(DataFrame.HEADER_LENGTH)), what);

        assertEquals("allReduce(SUM, FLOAT32, count=4)", theirs.toString());
    }

    private DataFrameDecoder read(final int length) {
        return frames.read(buffer, OFFSET, length);
    }
}
