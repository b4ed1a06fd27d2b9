package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.error.AbortedException;
import io.signvote.error.VoteException;
import java.io.IOException;
import java.util.List;
import org.agrona.LangUtil;

/** The source of one rank throws an exception, checked or not. */
final class ThrowingSource extends Breakdown {
    private Exception thrown;

    @Override
    boolean isStruck() {
        return thrown != null;
    }

    @Override
    void onFill(final SimulatedMember rank) {
        if (rank.number == odd && oddFill-- == 0) {
            thrown = job.random.nextBoolean() ? new IOException("disk") : new IllegalStateException("disk");
            LangUtil.rethrowUnchecked(thrown);
        }
    }

    /** Does what a communicator does when the code of its caller throws. */
    @Override
    VoteException errorOf(final SimulatedMember member, final Throwable t) {
        if (t != thrown) {
            return super.errorOf(member, t);
        }
        final Engine engine = member.engine;
        return engine.fail(
                Failures.aborted(engine.call() + " round=" + engine.roundId(), member.number, job.ranks, t),
                new AbortedException(t.getMessage(), List.of(member.number), t));
    }

    @Override
    void check(final SimulatedMember rank) {
        if (thrown != null) {
            assertEquals(List.of(odd), rank.error.ranks(), () -> "rank=" + rank.number + ": " + rank.error);
        }
    }
}
