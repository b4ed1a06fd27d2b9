package io.signvote.wire;

import io.signvote.wire.sbe.DataFrameDecoder;
import io.signvote.wire.sbe.DataFrameEncoder;
import io.signvote.wire.sbe.MessageHeaderDecoder;
import io.signvote.wire.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes and checks the 96-byte header of data frames. The payload follows it. {@code README.md} beside the schema
 * {@code data.xml} specifies the layout. Owned by one thread.
 */
public final class DataFrame {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + DataFrameEncoder.BLOCK_LENGTH;

    /** A rank's contribution to a chunk, to its tallier. */
    public static final short BALLOT = 1;

    /** The result of a chunk, from its tallier. */
    public static final short VERDICT = 2;

    /** A report or an announcement: the number of verdicts received so far, in {@code chunk}, and the credit. */
    public static final short CREDIT = 3;

    /** The last frame towards a peer. */
    public static final short BYE = 4;

    /** A payload of signs has one plane. */
    private static final short PLANES = 1;

    /** A ballot is one vote. */
    private static final int WEIGHT = 1;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final DataFrameEncoder encoder = new DataFrameEncoder();
    private final DataFrameDecoder decoder = new DataFrameDecoder();
    private final long sessionKey;
    private final int view;

    /**
     * Makes a reader and writer of frames of one view of one job.
     *
     * @param sessionKey 64 random bits of the job.
     * @param view number of the view.
     */
    public DataFrame(final long sessionKey, final int view) {
        this.sessionKey = sessionKey;
        this.view = view;
    }

    /**
     * Writes a header.
     *
     * @param buffer target.
     * @param offset byte offset, a multiple of 8.
     * @param kind BALLOT, VERDICT, CREDIT or BYE.
     * @param round id of the round.
     * @param call that the round runs.
     * @param chunk of the round; for CREDIT, the number of frames received so far.
     * @param coordinates in this frame.
     * @param ballots counted, in a verdict.
     * @param credit number of frames that the receiver may have open towards us.
     */
    public void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final short kind,
            final long round,
            final Call call,
            final int chunk,
            final int coordinates,
            final int ballots,
            final int credit) {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
                .sessionKey(sessionKey)
                .round(round)
                .view(view)
                .chunk(chunk)
                .coordinates(coordinates)
                .ballots(ballots)
                .weightSum(ballots)
                .weight(WEIGHT)
                .credit(credit)
                .kind(kind)
                .planes(PLANES)
                .reserved(0);
        call.write(encoder);
    }

    /**
     * Reads a header, and checks that it belongs to this version, job and view.
     *
     * @param buffer received.
     * @param offset byte offset of the frame.
     * @param length bytes of the frame, anything.
     * @return the header, valid until the next call, or null if the frame does not belong to them.
     */
    public DataFrameDecoder read(final DirectBuffer buffer, final int offset, final int length) {
        if (length < HEADER_LENGTH) {
            return null;
        }
        headerDecoder.wrap(buffer, offset);
        if (headerDecoder.templateId() != DataFrameDecoder.TEMPLATE_ID
                || headerDecoder.schemaId() != DataFrameDecoder.SCHEMA_ID
                || headerDecoder.version() != DataFrameDecoder.SCHEMA_VERSION
                || headerDecoder.blockLength() != DataFrameDecoder.BLOCK_LENGTH) {
            return null;
        }
        decoder.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                DataFrameDecoder.BLOCK_LENGTH,
                DataFrameDecoder.SCHEMA_VERSION);
        final boolean isOurs = decoder.sessionKey() == sessionKey
                && decoder.view() == view
                && decoder.planes() == PLANES
                && decoder.weight() == WEIGHT
                && decoder.weightSum() == decoder.ballots()
                && decoder.reserved() == 0;
        return isOurs ? decoder : null;
    }
}
