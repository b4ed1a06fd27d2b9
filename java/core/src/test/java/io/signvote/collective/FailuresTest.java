package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.error.AbortedException;
import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Failure.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final Map<Kind, Class<? extends VoteException>> EXPECTED = Map.of(
            Kind.PEER_DIED, PeerLostException.class,
            Kind.PEER_SILENT, PeerLostException.class,
            Kind.ABORTED, AbortedException.class,
            Kind.LEFT, PeerLostException.class,
            Kind.LINK_LOST, PeerLostException.class,
            Kind.MISMATCH, ProtocolException.class,
            Kind.TIMEOUT, RoundTimeoutException.class,
            Kind.COORDINATOR_LOST, PeerLostException.class);

    @Test
    void shouldGiveEveryKindItsExceptionWithMessageAndRanks() {
        for (final Kind kind : Kind.values()) {
            final VoteException error = Failures.exception(new Failure(kind, List.of(5, 2), "facts"));

            assertEquals(EXPECTED.get(kind), error.getClass(), kind.name());
            assertEquals(List.of(2, 5), error.ranks(), kind.name());
            assertEquals("facts", error.getMessage(), kind.name());
        }
    }
}
