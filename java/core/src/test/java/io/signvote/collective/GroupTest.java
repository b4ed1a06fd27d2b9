package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.signvote.rendezvous.Failure;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static final Failure FAILURE = new Failure(Failure.Kind.TIMEOUT, List.of(0, 2), "late");

    @Test
    void shouldLeaveFailuresOfAllRanksAsTheyAre() {
        assertSame(FAILURE, Group.WORLD.inJob(FAILURE));
        assertSame(FAILURE, Group.WORLD.explained(FAILURE));
        assertEquals(255, Group.WORLD.worldRank(255));
    }

    @Test
    void shouldNameRanksOfTheJob() {
        final Group group = Group.of(7, 3, 5);

        final Failure failure = group.inJob(FAILURE);

        assertEquals(List.of(5, 7), failure.ranks());
        assertEquals(
                "late; the call belongs to a split, whose ranks in order are ranks [7, 3, 5] of the job",
                failure.message());
        assertEquals(Failure.Kind.TIMEOUT, failure.kind());
        assertSame(failure, group.explained(failure));
    }

    @Test
    void shouldSayWhichRanksAFailureOfTheJobNames() {
        assertEquals(
                "late; rank 0 of the job is not in this split, rank 2 of the job is rank 1 of this split",
                Group.of(1, 2).explained(FAILURE).message());
        final Failure unnamed = new Failure(Failure.Kind.COORDINATOR_LOST, List.of(), "lost");
        assertSame(unnamed, Group.of(1, 2).explained(unnamed));
    }

    @Test
    void shouldNameOnlyTheRanksToBlameInALargeGroup() {
        final Group group =
                Group.of(IntStream.range(0, 200).map(rank -> 200 - rank).toArray());

        final Failure failure = group.inJob(FAILURE);

        assertEquals(
                "late; the call belongs to a split of 200 ranks, its rank 0 is rank 200 of the job, its rank 2 is rank 198 of the"
                        + " job",
                failure.message());
        assertSame(failure, group.explained(failure));
    }
}
