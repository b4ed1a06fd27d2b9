package io.signvote.jmh.collective;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Context;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

/**
 * A communicator, and trains of votes over it. {@link BuildRatios} loads this class once a build. It calls only methods
 * that both builds have.
 */
public final class VoteTrain implements IntToLongFunction, AutoCloseable {
    private final Communicator communicator;
    private final int count;
    private final long[] ballot;
    private final long[] verdict;

    /**
     * Connects. The variables of the launcher give rank, size, address and media driver.
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
     * Makes blocking votes, back to back, after a barrier.
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
