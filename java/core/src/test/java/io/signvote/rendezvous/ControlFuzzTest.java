package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
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

/** Any bytes as a control message, found by coverage; {@code ci/long/fuzz} looks for more. */
class ControlFuzzTest {
    /** A message is refused, or it means the same when it is written and read again, and fits a frame. */
    @FuzzTest
    void shouldReadAnyMessageOrRefuseIt(final byte[] body) {
        final ControlMessage message;
        try {
            ControlReader.version(body);
            message = ControlReader.read(body);
        } catch (final ProtocolException refused) {
            return;
        }

        final byte[] again = write(message);
        final ControlMessage same = ControlReader.read(again);

        if (message instanceof Hello hello) {
            assertArrayEquals(hello.nonce(), ((Hello) same).nonce());
        } else if (message instanceof Challenge challenge) {
            assertArrayEquals(challenge.nonce(), ((Challenge) same).nonce());
        } else {
            assertEquals(message, same);
        }
        assertTrue(again.length + Seal.TAG_LENGTH <= Control.MAX_REPLY_LENGTH, again.length + " bytes");
    }

    private static byte[] write(final ControlMessage message) {
        if (message instanceof Hello hello) {
            return ControlWriter.hello(hello);
        } else if (message instanceof Challenge challenge) {
            return ControlWriter.challenge(challenge);
        } else if (message instanceof Refused refused) {
            return ControlWriter.refused(refused);
        } else if (message instanceof Join join) {
            return ControlWriter.join(join);
        } else if (message instanceof Welcome welcome) {
            return ControlWriter.welcome(welcome);
        } else if (message instanceof Cancelled cancelled) {
            return ControlWriter.cancelled(cancelled);
        } else if (message instanceof Members members) {
            return ControlWriter.members(members);
        } else if (message instanceof Failed failed) {
            return ControlWriter.failed(failed);
        } else if (message instanceof Heartbeat) {
            return ControlWriter.heartbeat();
        } else if (message instanceof Later later) {
            return ControlWriter.later(later);
        }
        assertEquals(new Bye(), message);
        return ControlWriter.bye();
    }
}
