package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** One rank makes one of its calls after the others have given up. */
final class LateCall extends Breakdown {
    @Override
    boolean isStruck() {
        return job.members[odd].done == oddRound;
    }

    @Override
    boolean mayCall(final SimulatedMember rank) {
        return rank.number != odd || rank.done != oddRound || !isOtherWaiting();
    }

    private boolean isOtherWaiting() {
        for (int rank = 0; rank < job.ranks; rank++) {
            if (rank != odd && job.members[rank].error == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    void check(final SimulatedMember rank) {
        if (rank.number != odd) {
            assertEquals(List.of(odd), rank.error.ranks(), () -> "rank=" + rank.number + ": " + rank.error);
            assertEquals(oddRound, rank.done);
        }
    }
}
