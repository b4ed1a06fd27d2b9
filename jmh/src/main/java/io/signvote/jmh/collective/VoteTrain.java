package io.signvote.jmh.collective;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Context;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

/**
 * Connects a communicator, and times trains of votes. {@link BuildRatios} loads this class once for each build. So this
 * class calls only methods that both builds have.
 */
public final class VoteTrain implements IntToLongFunction, AutoCloseable {
    private final Communicator communicator;
    private final int count;
    private final long[] ballot;
    private final long[] verdict;

    /**
     * Connects. Rank, size, address and media driver come from the environment variables of the launcher.
     *
     * @param port of the coordinator, one for each build.
     * @param count coordinates of a vote.
     */
    public VoteTrain(final int port, final int count) {
        communicator = Communicator.connect(new Context()
                .masterPort(port)
                .coordinator(Configuration.Host.RANK0)
                .job("build-" + port));
        this.count = count;
        ballot = new SplittableRandom(communicator.rank())
                .longs((count + 63) / 64)
                .toArray();
        verdict = new long[ballot.length];
    }

    /**
     * Waits in a barrier, then makes blocking votes one after another. The time does not include the barrier.
     *
     * @param votes of the train.
     * @return ns of the whole train.
     */
    @Override
    public long applyAsLong(final int votes) {
        communicator.barrier();
        final long startNs = System.nanoTime();
        for (int vote = 0; vote < votes; vote++) {
            communicator.vote(ballot, verdict, count);
        }
        return System.nanoTime() - startNs;
    }

    @Override
    public void close() {
        communicator.close();
    }
}
