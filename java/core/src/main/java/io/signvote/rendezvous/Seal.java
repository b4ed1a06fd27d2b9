package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tags of one direction of one connection: HMAC-SHA256 over a counter and the body. Only holders of the secret can
 * derive the key from the two nonces of the connection. A frame that is altered, repeated, left out or sent back fails
 * its check. So the first tag of each side proves that it holds the secret. Owned by one thread.
 */
final class Seal {
    /** Bytes of a tag. */
    static final int TAG_LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] NO_SECRET = ascii("signvote without a secret");
    private static final byte[] FROM_MEMBER = ascii("signvote control 2 from member");
    private static final byte[] FROM_COORDINATOR = ascii("signvote control 2 from coordinator");

    private final Mac mac;
    private final ByteBuffer counter = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private Seal(final byte[] secret, final byte[] label, final byte[] hello, final byte[] challenge) {
        final Mac derivation = mac(secret == null ? NO_SECRET : secret);
        derivation.update(label);
        derivation.update(hello);
        derivation.update(challenge);
        mac = mac(derivation.doFinal());
    }

    /** Makes the seal of frames from the member. Hello and challenge are whole bodies of fixed lengths. */
    static Seal fromMember(final byte[] secret, final byte[] hello, final byte[] challenge) {
        return new Seal(secret, FROM_MEMBER, hello, challenge);
    }

    /** Makes the seal of frames from the coordinator. */
    static Seal fromCoordinator(final byte[] secret, final byte[] hello, final byte[] challenge) {
        return new Seal(secret, FROM_COORDINATOR, hello, challenge);
    }

    /** Makes the tag of the next sent frame. */
    byte[] tag(final byte[] body) {
        return next(body, body.length);
    }

    /**
     * Checks the tag of the next received frame.
     *
     * @return its body, without the tag.
     * @throws ProtocolException if the tag does not belong to this body at this position.
     */
    byte[] open(final byte[] frame) {
        final int length = frame.length - TAG_LENGTH;
        if (length < 0) {
            throw new ProtocolException("control frame of " + frame.length + " bytes has no tag");
        }
        final byte[] expected = next(frame, length);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(frame, length, frame.length))) {
            throw new ProtocolException("control frame " + (counter.getLong(0) - 1)
                    + " fails its check: altered, replayed, out of order, or made without the secret");
        }
        return Arrays.copyOf(frame, length);
    }

    private byte[] next(final byte[] bytes, final int length) {
        mac.update(counter.array());
        mac.update(bytes, 0, length);
        counter.putLong(0, counter.getLong(0) + 1);
        return mac.doFinal();
    }

    private static Mac mac(final byte[] key) {
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
