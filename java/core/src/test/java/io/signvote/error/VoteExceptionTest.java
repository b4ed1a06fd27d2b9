package io.signvote.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoteExceptionTest {
    @Test
    void shouldKeepRanksInOrder() {
        final List<Integer> ranks = new ArrayList<>(List.of(4, 1, 4));
        final VoteException error = new PeerLostException("two are lost", ranks);
        ranks.clear();

        assertEquals(List.of(1, 4), error.ranks());
        assertThrows(UnsupportedOperationException.class, () -> error.ranks().clear());
        assertEquals(List.of(), new PeerLostException("nobody alone").ranks());
        assertEquals(List.of(), new VoteException("nobody alone", new Error()).ranks());
    }

    @Test
    void shouldKeepRanksAndCauseTogether() {
        final Error cause = new OutOfMemoryError();
        final AbortedException error = new AbortedException("rank 1 gave up", List.of(1), cause);

        assertEquals(List.of(1), error.ranks());
        assertSame(cause, error.getCause());
    }

    /** Frameworks send errors from process to process. */
    @Test
    void shouldKeepRanksWhenItIsSerialized() throws Exception {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(new RendezvousException("not everyone came", List.of(2, 3), true));
        }

        final RendezvousException read =
                (RendezvousException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertEquals(List.of(2, 3), read.ranks());
        assertTrue(read.isRetryable());
    }

    @Test
    void shouldSayWhetherToTryAgain() {
        final List<Integer> ranks = List.of(1);
        List.of(
                        new PeerLostException("", ranks),
                        new RoundTimeoutException("", ranks),
                        new AbortedException("", ranks),
                        new InterruptedCallException("", ranks),
                        new RendezvousException("", ranks, true))
                .forEach(error -> assertTrue(error.isRetryable(), error::toString));
        List.of(
                        new VoteException(""),
                        new ConfigurationException(""),
                        new ProtocolException("", ranks),
                        new DeviceException(""),
                        new BackendUnavailableException(""),
                        new ClosedException("", ranks),
                        new RendezvousException("refused"))
                .forEach(error -> assertFalse(error.isRetryable(), error::toString));
    }
}
