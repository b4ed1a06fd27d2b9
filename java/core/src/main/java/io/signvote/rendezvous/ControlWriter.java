package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Refused;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.sbe.ByeEncoder;
import io.signvote.rendezvous.sbe.CancelledEncoder;
import io.signvote.rendezvous.sbe.ChallengeEncoder;
import io.signvote.rendezvous.sbe.FailedEncoder;
import io.signvote.rendezvous.sbe.HeartbeatEncoder;
import io.signvote.rendezvous.sbe.HelloEncoder;
import io.signvote.rendezvous.sbe.JoinEncoder;
import io.signvote.rendezvous.sbe.LaterEncoder;
import io.signvote.rendezvous.sbe.MembersEncoder;
import io.signvote.rendezvous.sbe.MessageHeaderEncoder;
import io.signvote.rendezvous.sbe.RefusedEncoder;
import io.signvote.rendezvous.sbe.WelcomeEncoder;
import io.signvote.transport.Endpoint;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes control messages. Texts for people are clipped to their limits. Other texts must fit. */
final class ControlWriter {
    private static final byte[] HEARTBEAT = empty(HeartbeatEncoder.TEMPLATE_ID);
    private static final byte[] BYE = empty(ByeEncoder.TEMPLATE_ID);

    private ControlWriter() {}

    static byte[] hello(final Hello hello) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final HelloEncoder encoder = new HelloEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.putNonce(hello.nonce(), 0, hello.nonce().length);
        return bytes(buffer, encoder.limit());
    }

    static byte[] challenge(final Challenge challenge) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final ChallengeEncoder encoder =
                new ChallengeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.putNonce(challenge.nonce(), 0, challenge.nonce().length);
        return bytes(buffer, encoder.limit());
    }

    static byte[] refused(final Refused refused) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final RefusedEncoder encoder = new RefusedEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.reason((short) refused.reason()).reserved1((short) 0).reserved2(0);
        return bytes(buffer, encoder.limit());
    }

    static byte[] join(final Join join) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final JoinEncoder encoder = new JoinEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        final Endpoint endpoint = join.endpoint();
        encoder.rank(join.rank())
                .worldSize(join.worldSize())
                .hasServer((short) (join.hasServer() ? 1 : 0))
                .role((short) (join.role().ordinal() + 1))
                .port(endpoint.port())
                .maxFrameLength(endpoint.maxFrameLength())
                .receiveBufferLength(endpoint.receiveBufferLength())
                .reserved(0)
                .host(endpoint.host())
                .driverDirectory(endpoint.driverDirectory())
                .settings(join.settings())
                .job(join.job())
                .build(join.build());
        return bytes(buffer, encoder.limit());
    }

    static byte[] welcome(final Welcome welcome) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final WelcomeEncoder encoder = new WelcomeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.heartbeatIntervalNs(welcome.heartbeatIntervalNs()).suspicionTimeoutNs(welcome.suspicionTimeoutNs());
        return bytes(buffer, encoder.limit());
    }

    static byte[] cancelled(final Cancelled cancelled) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final CancelledEncoder encoder =
                new CancelledEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.isRetryable((short) (cancelled.isRetryable() ? 1 : 0))
                .reserved1((short) 0)
                .reserved2(0);
        final CancelledEncoder.RanksEncoder ranks =
                encoder.ranksCount(cancelled.ranks().size());
        cancelled.ranks().forEach(rank -> ranks.next().rank(rank));
        encoder.message(Control.clip(cancelled.message(), Control.MAX_CANCELLATION_LENGTH));
        return bytes(buffer, encoder.limit());
    }

    static byte[] members(final Members members) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final MembersEncoder encoder = new MembersEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        final Roster roster = members.roster();
        encoder.sessionKey(roster.sessionKey())
                .view(roster.view())
                .worldSize(roster.worldSize())
                .reserved(0);
        final MembersEncoder.EndpointsEncoder endpoints =
                encoder.endpointsCount(roster.members().size());
        for (final Endpoint endpoint : roster.members()) {
            endpoints
                    .next()
                    .maxFrameLength(endpoint.maxFrameLength())
                    .receiveBufferLength(endpoint.receiveBufferLength())
                    .port(endpoint.port())
                    .reserved(0)
                    .host(endpoint.host())
                    .driverDirectory(endpoint.driverDirectory());
        }
        return bytes(buffer, encoder.limit());
    }

    static byte[] heartbeat() {
        return HEARTBEAT;
    }

    static byte[] failed(final Failed failed) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final FailedEncoder encoder = new FailedEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        final Failure failure = failed.failure();
        encoder.kind((short) (failure.kind().ordinal() + 1))
                .reserved1((short) 0)
                .reserved2(0);
        final FailedEncoder.RanksEncoder ranks =
                encoder.ranksCount(failure.ranks().size());
        failure.ranks().forEach(rank -> ranks.next().rank(rank));
        encoder.message(Control.clip(failure.message(), Control.MAX_FAILURE_LENGTH));
        return bytes(buffer, encoder.limit());
    }

    static byte[] bye() {
        return BYE;
    }

    static byte[] later(final Later later) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final LaterEncoder encoder = new LaterEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.message(Control.clip(later.message(), Control.MAX_LATER_LENGTH));
        return bytes(buffer, encoder.limit());
    }

    private static byte[] empty(final int templateId) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        new MessageHeaderEncoder()
                .wrap(buffer, 0)
                .blockLength(0)
                .templateId(templateId)
                .schemaId(MessageHeaderEncoder.SCHEMA_ID)
                .version(MessageHeaderEncoder.SCHEMA_VERSION);
        return bytes(buffer, MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private static byte[] bytes(final MutableDirectBuffer buffer, final int length) {
        return Arrays.copyOf(buffer.byteArray(), length);
    }
}
