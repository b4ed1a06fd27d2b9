package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.error.ProtocolException;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Hello;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final byte[] SECRET = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);
    private final byte[] hello = ControlWriter.hello(new Hello(count(0)));
    private final byte[] challenge = ControlWriter.challenge(new Challenge(count(32)));
    private final byte[] body = ControlWriter.heartbeat();

    /** The vectors of README.md beside the schema, which were made with another implementation. */
    @Test
    void shouldMakeTagsOfTheSpecification() {
        final Seal member = Seal.fromMember(SECRET, hello, challenge);
        final Seal coordinator = Seal.fromCoordinator(SECRET, hello, challenge);

        assertEquals("00000800e7140200", hex(body));
        assertEquals("313a15596efe290d1c830752a93a1b6bebc3d5710d78a15df475a30d8c7c7fa5", hex(member.tag(body)));
        assertEquals("62c55f3f5716698f4b8f749fdd7f5c40d3d13fe8d57e89be73961229cc093581", hex(member.tag(body)));
        assertEquals("153e7c7aa17686ef8cd0f3002aa5e86de31ee0f92547a8f47df4ef6a05bfd34a", hex(coordinator.tag(body)));
        assertEquals("50560d0994cabb1f87d1d0368af749378682fdf08205e51061a1edccaea50aba", hex(coordinator.tag(body)));
    }

    @Test
    void shouldOpenWhatTheOtherSideSealedInOrder() {
        final Seal sender = Seal.fromMember(SECRET, hello, challenge);
        final Seal receiver = Seal.fromMember(SECRET, hello, challenge);

        for (int i = 0; i < 300; i++) {
            final byte[] message = count(i);
            assertArrayEquals(message, receiver.open(sealed(sender, message)));
        }
    }

    @Test
    void shouldRefuseEveryAlteredBit() {
        final byte[] frame = sealed(Seal.fromMember(SECRET, hello, challenge), body);
        for (int bit = 0; bit < frame.length * 8; bit++) {
            final byte[] altered = frame.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            refuse(Seal.fromMember(SECRET, hello, challenge), altered);
        }
        for (int length = 0; length < frame.length; length++) {
            refuse(Seal.fromMember(SECRET, hello, challenge), Arrays.copyOf(frame, length));
        }
    }

    @Test
    void shouldRefuseOtherPlacesDirectionsConnectionsAndSecrets() {
        final Seal sender = Seal.fromMember(SECRET, hello, challenge);
        final byte[] first = sealed(sender, body);
        final byte[] second = sealed(sender, body);
        final Seal receiver = Seal.fromMember(SECRET, hello, challenge);
        receiver.open(first);

        refuse(receiver, first);
        refuse(Seal.fromMember(SECRET, hello, challenge), second);
        refuse(Seal.fromCoordinator(SECRET, hello, challenge), first);
        refuse(Seal.fromMember(SECRET, ControlWriter.hello(new Hello(count(1))), challenge), first);
        refuse(Seal.fromMember(SECRET, hello, ControlWriter.challenge(new Challenge(count(1)))), first);
        refuse(Seal.fromMember(Jobs.SECRET, hello, challenge), first);
        refuse(Seal.fromMember(null, hello, challenge), first);
    }

    private static void refuse(final Seal receiver, final byte[] frame) {
        assertThrows(ProtocolException.class, () -> receiver.open(frame));
    }

    private static byte[] sealed(final Seal seal, final byte[] body) {
        final byte[] frame = Arrays.copyOf(body, body.length + Seal.TAG_LENGTH);
        System.arraycopy(seal.tag(body), 0, frame, body.length, Seal.TAG_LENGTH);
        return frame;
    }

    private static byte[] count(final int from) {
        final byte[] bytes = new byte[Control.NONCE_LENGTH];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
