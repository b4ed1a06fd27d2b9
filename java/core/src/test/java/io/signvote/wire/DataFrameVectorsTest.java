package io.signvote.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.AggregateWith;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.aggregator.SimpleArgumentsAggregator;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Frames that another implementation has written, both ways. */
class DataFrameVectorsTest {
    private static final Map<String, Short> KINDS = Map.of(
            "BALLOT", DataFrame.BALLOT, "VERDICT", DataFrame.VERDICT, "CREDIT", DataFrame.CREDIT, "BYE", DataFrame.BYE);

    /** A row of the vectors. */
    record Vector(
            short kind,
            long sessionKey,
            int view,
            long round,
            Call call,
            int chunk,
            int coordinates,
            int ballots,
            int credit,
            byte[] payload,
            String frame) {}

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/frames.csv", useHeadersInDisplayName = true)
    void shouldWritePublishedBytes(@AggregateWith(ToVector.class) final Vector vector) {
        final UnsafeBuffer buffer = Hex.buffer(vector.frame.length() / 2);
        buffer.setMemory(0, buffer.capacity(), (byte) 0xA5);

        new DataFrame(vector.sessionKey, vector.view)
                .write(
                        buffer,
                        0,
                        vector.kind,
                        vector.round,
                        vector.call,
                        vector.chunk,
                        vector.coordinates,
                        vector.ballots,
                        vector.credit);
        buffer.putBytes(DataFrame.HEADER_LENGTH, vector.payload);

        assertEquals(vector.frame, Hex.of(buffer));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/frames.csv", useHeadersInDisplayName = true)
    void shouldReadPublishedBytes(@AggregateWith(ToVector.class) final Vector vector) {
        final UnsafeBuffer buffer = Hex.buffer(vector.frame);

        final DataFrameDecoder header =
                new DataFrame(vector.sessionKey, vector.view).read(buffer, 0, buffer.capacity());

        assertNotNull(header);
        assertEquals(vector.sessionKey, header.sessionKey());
        assertEquals(vector.view, header.view());
        assertEquals(vector.kind, header.kind());
        assertEquals(vector.round, header.round());
        assertEquals(vector.chunk, header.chunk());
        assertEquals(vector.coordinates, header.coordinates());
        assertEquals(vector.ballots, header.ballots());
        assertEquals(vector.credit, header.credit());
        assertEquals(1, header.planes());
        assertEquals(1, header.weight());
        assertEquals(vector.ballots, header.weightSum());
        assertTrue(vector.call.matches(header));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/frames.csv", useHeadersInDisplayName = true)
    void shouldTakeOverPublishedCall(@AggregateWith(ToVector.class) final Vector vector) {
        final UnsafeBuffer buffer = Hex.buffer(vector.frame);
        final DataFrameDecoder header =
                new DataFrame(vector.sessionKey, vector.view).read(buffer, 0, buffer.capacity());
        final Call call = new Call();

        assertTrue(call.read(header));

        assertTrue(call.matches(header));
        assertEquals(vector.call.toString(), call.toString());
        assertEquals(vector.call.root(), call.root());
        assertEquals(vector.call.step(), call.step());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/frames.csv", useHeadersInDisplayName = true)
    void shouldRefusePublishedBytesCutShortAndOfOtherJobs(@AggregateWith(ToVector.class) final Vector vector) {
        final UnsafeBuffer buffer = Hex.buffer(vector.frame);
        final DataFrame ours = new DataFrame(vector.sessionKey, vector.view);

        for (int length = 0; length < DataFrame.HEADER_LENGTH; length++) {
            assertNull(ours.read(buffer, 0, length));
        }
        assertNull(new DataFrame(vector.sessionKey + 1, vector.view).read(buffer, 0, buffer.capacity()));
        assertNull(new DataFrame(vector.sessionKey, vector.view - 1).read(buffer, 0, buffer.capacity()));
    }

    /** The layout of version 1 was another, and was never released. */
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/frames-version-1.csv", useHeadersInDisplayName = true)
    void shouldRefuseFramesOfVersion1(final ArgumentsAccessor row) {
        final DataFrame ours = new DataFrame(row.getLong(2), row.getInteger(3));
        final UnsafeBuffer buffer = Hex.buffer(row.getString(17));
        assertNull(ours.read(buffer, 0, buffer.capacity()));

        final UnsafeBuffer longer = Hex.buffer(buffer.capacity() + 1_000);
        longer.putBytes(0, buffer, 0, buffer.capacity());
        assertNull(ours.read(longer, 0, longer.capacity()));
    }

    /** Reads a row. */
    static final class ToVector extends SimpleArgumentsAggregator {
        @Override
        protected Vector aggregateArguments(
                final ArgumentsAccessor row,
                final Class<?> type,
                final AnnotatedElementContext context,
                final int index) {
            final CallKind kind = CallKind.of(row.getString(9));
            final Call call = new Call()
                    .set(
                            kind.collective(),
                            kind.op(),
                            DataType.valueOf(row.getString(10)),
                            row.getLong(6),
                            row.getLong(5),
                            row.getInteger(13))
                    .options(Long.parseUnsignedLong(row.getString(15), 16))
                    .tag(row.getInteger(14))
                    .policies(ZeroPolicy.valueOf(row.getString(11)), TiePolicy.valueOf(row.getString(12)));
            final String payload = row.getString(18);
            return new Vector(
                    KINDS.get(row.getString(1)),
                    row.getLong(2),
                    row.getInteger(3),
                    row.getLong(4),
                    call,
                    row.getInteger(7),
                    row.getInteger(8),
                    row.getInteger(16),
                    row.getInteger(17),
                    payload == null ? new byte[0] : Hex.bytes(payload),
                    row.getString(19));
        }
    }
}
