package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.rendezvous.RendezvousConfig;
import org.junit.jupiter.api.Test;

class SeatTest {
    @Test
    void shouldRefuseSecondCommunicatorInTheSamePlaceUntilTheFirstIsClosed() {
        final Seat first = Seat.take(config(1, 2000));

        final IllegalStateException e = assertThrows(IllegalStateException.class, () -> Seat.take(config(1, 2000)));

        assertEquals(
                "this process already has an open communicator for rank 1 of the job at 127.0.0.1:2000: close it before"
                        + " you connect again, even if it has failed",
                e.getMessage());
        Seat.take(config(0, 2000)).close();
        Seat.take(config(1, 2001)).close();
        first.close();
        Seat.take(config(1, 2000)).close();
    }

    private static RendezvousConfig config(final int rank, final int port) {
        return new RendezvousConfig(
                "127.0.0.1",
                port,
                rank,
                2,
                false,
                RendezvousConfig.Role.VOTER,
                null,
                false,
                1_000_000_000L,
                1_000_000_000L,
                10_000_000_000L,
                "",
                "",
                "");
    }
}
