package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.rendezvous.ControlMessage.Bye;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Refused;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.sbe.ByeDecoder;
import io.signvote.rendezvous.sbe.CancelledDecoder;
import io.signvote.rendezvous.sbe.ChallengeDecoder;
import io.signvote.rendezvous.sbe.FailedDecoder;
import io.signvote.rendezvous.sbe.FailedDecoder.RanksDecoder;
import io.signvote.rendezvous.sbe.HeartbeatDecoder;
import io.signvote.rendezvous.sbe.HelloDecoder;
import io.signvote.rendezvous.sbe.JoinDecoder;
import io.signvote.rendezvous.sbe.LaterDecoder;
import io.signvote.rendezvous.sbe.MembersDecoder;
import io.signvote.rendezvous.sbe.MessageHeaderDecoder;
import io.signvote.rendezvous.sbe.RefusedDecoder;
import io.signvote.rendezvous.sbe.WelcomeDecoder;
import io.signvote.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decodes one control message. It checks every length before a generated decoder reads behind it, because Agrona's
 * bounds checks may be switched off. It checks every value before it returns the message.
 */
final class ControlReader {
    private static final Failure.Kind[] KINDS = Failure.Kind.values();
    private static final RendezvousConfig.Role[] ROLES = RendezvousConfig.Role.values();

    private final UnsafeBuffer buffer;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    private ControlReader(final byte[] body) {
        buffer = new UnsafeBuffer(body);
    }

    /**
     * Protocol version of a message that may be of a version this reader does not know.
     *
     * @throws ProtocolException if it is not a control message of any version.
     */
    static int version(final byte[] body) {
        return new ControlReader(body).header().version();
    }

    /**
     * Reads one message.
     *
     * @param body whole, without length and tag.
     * @throws ProtocolException if it does not match the specification.
     */
    static ControlMessage read(final byte[] body) {
        return new ControlReader(body).read();
    }

    private MessageHeaderDecoder header() {
        check(buffer.capacity() >= MessageHeaderDecoder.ENCODED_LENGTH, "shorter than its header");
        header.wrap(buffer, 0);
        check(header.schemaId() == MessageHeaderDecoder.SCHEMA_ID, "not of the control schema");
        return header;
    }

    private ControlMessage read() {
        header();
        check(
                header.version() == MessageHeaderDecoder.SCHEMA_VERSION,
                "of version " + header.version() + ", expected " + MessageHeaderDecoder.SCHEMA_VERSION);
        return switch (header.templateId()) {
            case HelloDecoder.TEMPLATE_ID -> hello();
            case ChallengeDecoder.TEMPLATE_ID -> challenge();
            case RefusedDecoder.TEMPLATE_ID -> refused();
            case JoinDecoder.TEMPLATE_ID -> join();
            case WelcomeDecoder.TEMPLATE_ID -> welcome();
            case CancelledDecoder.TEMPLATE_ID -> cancelled();
            case MembersDecoder.TEMPLATE_ID -> members();
            case HeartbeatDecoder.TEMPLATE_ID -> {
                checkEnd(block(HeartbeatDecoder.BLOCK_LENGTH));
                yield new Heartbeat();
            }
            case FailedDecoder.TEMPLATE_ID -> failed();
            case ByeDecoder.TEMPLATE_ID -> {
                checkEnd(block(ByeDecoder.BLOCK_LENGTH));
                yield new Bye();
            }
            case LaterDecoder.TEMPLATE_ID -> later();
            default -> throw new ProtocolException("control message of unknown template " + header.templateId());
        };
    }

    private Hello hello() {
        checkEnd(block(HelloDecoder.BLOCK_LENGTH));
        final HelloDecoder decoder = new HelloDecoder().wrapAndApplyHeader(buffer, 0, header);
        final byte[] nonce = new byte[HelloDecoder.nonceLength()];
        decoder.getNonce(nonce, 0, nonce.length);
        return new Hello(nonce);
    }

    private Challenge challenge() {
        checkEnd(block(ChallengeDecoder.BLOCK_LENGTH));
        final ChallengeDecoder decoder = new ChallengeDecoder().wrapAndApplyHeader(buffer, 0, header);
        final byte[] nonce = new byte[ChallengeDecoder.nonceLength()];
        decoder.getNonce(nonce, 0, nonce.length);
        return new Challenge(nonce);
    }

    private Refused refused() {
        checkEnd(block(RefusedDecoder.BLOCK_LENGTH));
        final RefusedDecoder decoder = new RefusedDecoder().wrapAndApplyHeader(buffer, 0, header);
        return new Refused(inRange("reason", decoder.reason(), Refused.VERSION, Refused.SECRET));
    }

    private Join join() {
        block(JoinDecoder.BLOCK_LENGTH);
        final JoinDecoder decoder = new JoinDecoder().wrapAndApplyHeader(buffer, 0, header);
        final boolean hasServer = inRange("hasServer", decoder.hasServer(), 0, 1) == 1;
        final RendezvousConfig.Role role = ROLES[inRange("role", decoder.role(), 1, ROLES.length) - 1];
        checkText(decoder.limit(), Control.MAX_HOST_LENGTH);
        final String host = decoder.host();
        checkText(decoder.limit(), Control.MAX_DIRECTORY_LENGTH);
        final String driverDirectory = decoder.driverDirectory();
        checkText(decoder.limit(), Control.MAX_SETTINGS_LENGTH);
        final String settings = Control.clip(decoder.settings(), Control.MAX_SETTINGS_LENGTH);
        checkText(decoder.limit(), Control.MAX_JOB_LENGTH);
        final String job = Control.clip(decoder.job(), Control.MAX_JOB_LENGTH);
        checkText(decoder.limit(), Control.MAX_BUILD_LENGTH);
        final String build = Control.clip(decoder.build(), Control.MAX_BUILD_LENGTH);
        checkEnd(decoder.limit());
        final Endpoint endpoint = endpoint(
                host, decoder.port(), driverDirectory, decoder.maxFrameLength(), decoder.receiveBufferLength());
        return new Join(decoder.rank(), decoder.worldSize(), hasServer, role, endpoint, settings, job, build);
    }

    private Welcome welcome() {
        checkEnd(block(WelcomeDecoder.BLOCK_LENGTH));
        final WelcomeDecoder decoder = new WelcomeDecoder().wrapAndApplyHeader(buffer, 0, header);
        final long heartbeatIntervalNs = decoder.heartbeatIntervalNs();
        final long suspicionTimeoutNs = decoder.suspicionTimeoutNs();
        check(
                heartbeatIntervalNs > 0 && suspicionTimeoutNs / 2 >= heartbeatIntervalNs,
                "heartbeatIntervalNs=" + heartbeatIntervalNs + " suspicionTimeoutNs=" + suspicionTimeoutNs);
        return new Welcome(heartbeatIntervalNs, suspicionTimeoutNs);
    }

    private Cancelled cancelled() {
        block(CancelledDecoder.BLOCK_LENGTH);
        final CancelledDecoder decoder = new CancelledDecoder().wrapAndApplyHeader(buffer, 0, header);
        final boolean isRetryable = inRange("isRetryable", decoder.isRetryable(), 0, 1) == 1;
        final List<Integer> ranks = ranks(decoder.limit());
        decoder.limit(decoder.limit() + ranksLength(ranks));
        checkText(decoder.limit(), Control.MAX_CANCELLATION_LENGTH);
        final String message = decoder.message();
        checkEnd(decoder.limit());
        return new Cancelled(isRetryable, ranks, Control.clip(message, Control.MAX_CANCELLATION_LENGTH));
    }

    private Members members() {
        block(MembersDecoder.BLOCK_LENGTH);
        final MembersDecoder decoder = new MembersDecoder().wrapAndApplyHeader(buffer, 0, header);
        final int worldSize = inRange("worldSize", decoder.worldSize(), 1, RendezvousConfig.MAX_WORLD_SIZE);
        check(decoder.view() >= 1, "view=" + decoder.view());
        check(
                decoder.limit() + MembersDecoder.EndpointsDecoder.HEADER_SIZE <= buffer.capacity(),
                "shorter than its endpoints");
        final MembersDecoder.EndpointsDecoder endpoints = decoder.endpoints();
        final int blockLength = MembersDecoder.EndpointsDecoder.sbeBlockLength();
        check(endpoints.actingBlockLength() == blockLength, "endpoint blockLength=" + endpoints.actingBlockLength());
        final int count = inRange("endpoints", endpoints.count(), worldSize, worldSize + 1);
        final List<Endpoint> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            check(decoder.limit() + blockLength <= buffer.capacity(), "shorter than its endpoints");
            endpoints.next();
            checkText(decoder.limit(), Control.MAX_HOST_LENGTH);
            final String host = endpoints.host();
            checkText(decoder.limit(), Control.MAX_DIRECTORY_LENGTH);
            final String driverDirectory = endpoints.driverDirectory();
            final Endpoint member = endpoint(
                    host,
                    endpoints.port(),
                    driverDirectory,
                    endpoints.maxFrameLength(),
                    endpoints.receiveBufferLength());
            final String objection = member.port() == 0 ? "port=0, on which nobody listens" : member.objection();
            check(objection == null, "member " + i + " has " + objection);
            members.add(member);
        }
        checkEnd(decoder.limit());
        return new Members(new Roster(decoder.sessionKey(), decoder.view(), worldSize, members));
    }

    private Failed failed() {
        block(FailedDecoder.BLOCK_LENGTH);
        final FailedDecoder decoder = new FailedDecoder().wrapAndApplyHeader(buffer, 0, header);
        final Failure.Kind kind = KINDS[inRange("kind", decoder.kind(), 1, KINDS.length) - 1];
        final List<Integer> ranks = ranks(decoder.limit());
        decoder.limit(decoder.limit() + ranksLength(ranks));
        checkText(decoder.limit(), Control.MAX_FAILURE_LENGTH);
        final String message = decoder.message();
        checkEnd(decoder.limit());
        return new Failed(new Failure(kind, ranks, Control.clip(message, Control.MAX_FAILURE_LENGTH)));
    }

    private Later later() {
        block(LaterDecoder.BLOCK_LENGTH);
        final LaterDecoder decoder = new LaterDecoder().wrapAndApplyHeader(buffer, 0, header);
        checkText(decoder.limit(), Control.MAX_LATER_LENGTH);
        final String message = decoder.message();
        checkEnd(decoder.limit());
        return new Later(Control.clip(message, Control.MAX_LATER_LENGTH));
    }

    private static Endpoint endpoint(
            final String host,
            final int port,
            final String driverDirectory,
            final int maxFrameLength,
            final int receiveBufferLength) {
        check(Control.fits(host, Control.MAX_HOST_LENGTH), "host is not UTF-8");
        check(Control.fits(driverDirectory, Control.MAX_DIRECTORY_LENGTH), "driverDirectory is not UTF-8");
        return new Endpoint(host, port, driverDirectory, maxFrameLength, receiveBufferLength);
    }

    /** Checks the block, and returns the offset of its end. */
    private int block(final int blockLength) {
        check(header.blockLength() == blockLength, "blockLength=" + header.blockLength() + ", expected " + blockLength);
        final int end = MessageHeaderDecoder.ENCODED_LENGTH + blockLength;
        check(end <= buffer.capacity(), "shorter than its block");
        return end;
    }

    /** Checks that the text at an offset is within its own limit and within the message. */
    private void checkText(final int offset, final int maxLength) {
        final int start = offset + Short.BYTES;
        check(start <= buffer.capacity(), "shorter than its texts");
        final int length = uint16(offset);
        check(length <= maxLength, "text of " + length + " bytes, at most " + maxLength + " are allowed");
        check(start + length <= buffer.capacity(), "shorter than its texts");
    }

    /** Reads the group of ranks at an offset. Two messages have such a group. */
    private List<Integer> ranks(final int offset) {
        final int entries = offset + RanksDecoder.HEADER_SIZE;
        check(entries <= buffer.capacity(), "shorter than its ranks");
        final int entryLength = RanksDecoder.sbeBlockLength();
        check(uint16(offset) == entryLength, "rank blockLength=" + uint16(offset));
        final int count = inRange("ranks", uint16(offset + Short.BYTES), 0, Control.MAX_MEMBERS);
        check(entries + count * entryLength <= buffer.capacity(), "shorter than its ranks");
        final List<Integer> ranks = new ArrayList<>(count);
        for (int i = 0, least = 0; i < count; i++) {
            final int rank = inRange("rank", uint16(entries + i * entryLength), least, Control.MAX_MEMBERS - 1);
            ranks.add(rank);
            least = rank + 1;
        }
        return ranks;
    }

    private static int ranksLength(final List<Integer> ranks) {
        return RanksDecoder.HEADER_SIZE + ranks.size() * RanksDecoder.sbeBlockLength();
    }

    private int uint16(final int offset) {
        return buffer.getByte(offset) & 0xFF | (buffer.getByte(offset + 1) & 0xFF) << 8;
    }

    private void checkEnd(final int end) {
        check(end == buffer.capacity(), "longer than its contents");
    }

    private static int inRange(final String name, final int value, final int least, final int most) {
        check(value >= least && value <= most, name + "=" + value + " is not in " + least + ".." + most);
        return value;
    }

    private static void check(final boolean isFine, final String what) {
        if (!isFine) {
            throw new ProtocolException("control message is not as specified: " + what);
        }
    }
}
