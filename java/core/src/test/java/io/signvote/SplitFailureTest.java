package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.AbortedException;
import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.optim.Signum;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Failures of splits of ranks of one process. */
class SplitFailureTest extends SplitsInProcess {
    @Test
    void shouldNameBothCallsIfARankDoesNotSplit() throws Exception {
        start(2, "sharded");

        final List<VoteException> errors = onAll(rank -> assertThrows(ProtocolException.class, () -> {
            if (rank.rank() == 0) {
                rank.split(0, 0);
            } else {
                try (Gathered all = new Gathered(112)) {
                    rank.allGather(new float[14], all);
                }
            }
        }));

        for (final VoteException error : errors) {
            assertMessage(error.getMessage(), "rank 0 calls split(", "rank 1 calls allGather(capacity=112)");
        }
    }

    @Test
    void shouldNameRanksOfTheJobInAFailureOfASplit() throws Exception {
        start(4, "sharded", "200ms");

        final List<VoteException> errors = onAll(rank -> {
            final Communicator split = rank.split(rank.rank() / 2, 0);
            if (rank.rank() == 2) {
                assertThrows(RoundTimeoutException.class, split::barrier);
            }
            return awaitFailure(split, rank);
        });

        for (final VoteException error : errors) {
            assertEquals(List.of(3), error.ranks());
            assertMessage(
                    error.getMessage(),
                    "barrier() round=1: no progress",
                    "missing ballots of ranks [1]",
                    "the call belongs to a split, whose ranks in order are ranks [2, 3] of the job");
        }
    }

    @Test
    void shouldNameRanksOfTheJobWhereARetryOfASplitIsRefused() throws Exception {
        start(4, "sharded");

        onAll(rank -> {
            final Communicator split = rank.split(rank.rank() / 2, 0);
            final int count = rank.rank() == 3 ? 65 : 64;
            try (Signum optimizer = new Signum(rank, count)) {
                if (rank.rank() < 2) {
                    optimizer.retry(split, new float[count]);
                } else {
                    final ProtocolException error =
                            assertThrows(ProtocolException.class, () -> optimizer.retry(split, new float[count]));
                    assertEquals(List.of(2, 3), error.ranks());
                    assertMessage(error.getMessage(), "ranks [1]", "; these are ranks of a split");
                }
            }
            assertNull(split.failure());
            return null;
        });
    }

    @Test
    void shouldFailEveryCommunicatorOfTheJobWithOneOfThem() throws Exception {
        start(4, "sharded");
        final CyclicBarrier allHaveSplit = new CyclicBarrier(4);

        onAll(rank -> {
            final Communicator split = rank.split(rank.rank() / 2, -rank.rank());
            // a failure ends a barrier of the job on a rank that is still inside of it
            allHaveSplit.await();
            if (rank.rank() == 3) {
                split.abort("enough");
            }
            final VoteException ofSplit = awaitFailure(split, split);
            final VoteException ofJob = awaitFailure(rank, rank);

            assertTrue(ofSplit instanceof AbortedException && ofJob instanceof AbortedException);
            assertEquals(List.of(3), ofSplit.ranks());
            assertEquals(List.of(3), ofJob.ranks());
            assertEquals("enough", ofJob.getMessage());
            if (rank.rank() == 2) {
                assertEquals("enough; rank 3 of the job is rank 0 of this split", ofSplit.getMessage());
            } else if (rank.rank() < 2) {
                assertEquals("enough; rank 3 of the job is not in this split", ofSplit.getMessage());
            }
            assertSame(ofSplit, assertThrows(VoteException.class, split::barrier));
            assertSame(ofJob, assertThrows(VoteException.class, () -> rank.split(0, 0)));
            split.close();
            return null;
        });
    }

    @Test
    void shouldFailTheJobIfASplitClosesDuringACall() throws Exception {
        start(2, "sharded");
        final CyclicBarrier allHaveSplit = new CyclicBarrier(2);

        onAll(rank -> {
            final Communicator split = rank.split(0, 0);
            allHaveSplit.await();
            if (rank.rank() == 0) {
                final Work work = split.barrierAsync();
                split.close();
                assertNotNull(work.error());
                assertMessage(
                        work.error().getMessage(),
                        "rank 0 was closed while a call was open",
                        "ranks [0, 1] of the job");
            }
            final VoteException error = awaitFailure(rank, rank);
            assertTrue(error instanceof PeerLostException, () -> error.toString());
            assertEquals(List.of(0), error.ranks());
            return null;
        });
    }
}
