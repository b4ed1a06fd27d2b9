package io.signvote.jmh.collective;

import io.signvote.Communicator;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.jmh.SignVoteBenchmark;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Signum;
import java.util.SplittableRandom;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a vote cost beside a sum of the same coordinates where links cost nothing? Rank 0 is measured; every other rank is
 * a thread that follows it. With {@code -prof gc} it shows what a round allocates, on all threads.
 */
public class LoopbackAllReduceBenchmark extends SignVoteBenchmark {
    private static final long JOIN_MS = 10_000;

    /** Coordinates. */
    @Param({"100000", "5000000"})
    public int n = 5_000_000;

    /** Threads, each a rank. */
    @Param({"2", "4"})
    public int ranks = 2;

    private Rank[] members;
    private Thread[] followers;

    /** What all ranks call next; written before {@link #turn}. */
    private Contender contender;

    private volatile long turn;
    private volatile boolean isOver;

    /** For the harness. */
    public LoopbackAllReduceBenchmark() {}

    /** Connects the ranks and starts those that follow. */
    @Setup
    public void prepare() {
        final Communicator[] communicators = Communicator.createLocal(ranks);
        members = new Rank[ranks];
        followers = new Thread[ranks];
        for (int rank = 0; rank < ranks; rank++) {
            members[rank] = new Rank(communicators[rank], n);
        }
        for (int rank = 1; rank < ranks; rank++) {
            final Rank member = members[rank];
            followers[rank] = new Thread(() -> follow(member), "rank-" + rank);
            followers[rank].setDaemon(true);
            followers[rank].start();
        }
    }

    /**
     * Closes every rank and ends its thread.
     *
     * @throws InterruptedException as waiting for threads does.
     */
    @TearDown
    public void free() throws InterruptedException {
        isOver = true;
        members[0].communicator.close();
        for (int rank = 1; rank < ranks; rank++) {
            followers[rank].join(JOIN_MS);
            if (followers[rank].isAlive()) {
                throw new IllegalStateException("rank " + rank + " did not end within " + JOIN_MS + " ms");
            }
        }
        CloseHelper.closeAll(members);
    }

    /**
     * Packed signs to packed signs.
     *
     * @return the first word of the verdict.
     */
    @Benchmark
    public long voteBits() {
        return lead(Contender.VOTE_BITS);
    }

    /**
     * Floats to -1 and +1.
     *
     * @return the bits of the first two floats.
     */
    @Benchmark
    public long voteFloats() {
        return lead(Contender.VOTE_FLOATS);
    }

    /**
     * Floats to their sum.
     *
     * @return the bits of the first two floats.
     */
    @Benchmark
    public long sumFloats() {
        return lead(Contender.SUM_FLOATS);
    }

    /**
     * Floats to parameters: momentum, vote, update.
     *
     * @return the bits of the first two parameters.
     */
    @Benchmark
    public long signumStep() {
        return lead(Contender.SIGNUM_STEP);
    }

    private long lead(final Contender next) {
        contender = next;
        turn++;
        return members[0].run(next);
    }

    private void follow(final Rank member) {
        for (long done = 0; ; done++) {
            while (turn == done) {
                if (isOver) {
                    member.communicator.close();
                    return;
                }
                Thread.yield();
            }
            member.run(contender);
        }
    }

    private enum Contender {
        VOTE_BITS,
        VOTE_FLOATS,
        SUM_FLOATS,
        SIGNUM_STEP
    }

    /** A rank and its memory. */
    private static final class Rank implements AutoCloseable {
        private final Communicator communicator;
        private final int n;
        private final OffHeap source;
        private final OffHeap target;
        private final Signum signum;

        private Rank(final Communicator communicator, final int n) {
            this.communicator = communicator;
            this.n = n;
            source = new OffHeap(Words.length(n) * Integer.SIZE);
            target = new OffHeap(source.length());
            signum = new Signum(communicator, n);
            final SplittableRandom random = new SplittableRandom(SEED + communicator.rank());
            for (long i = 0; i < n; i++) {
                UnsafeApi.putFloat(source.address() + 4 * i, (float) random.nextDouble(-1, 1));
            }
        }

        private long run(final Contender contender) {
            if (contender == Contender.SIGNUM_STEP) {
                signum.step(source.address(), target.address());
                return UnsafeApi.getLong(target.address());
            }
            final DataType type = contender == Contender.VOTE_BITS ? DataType.SIGN : DataType.FLOAT32;
            final ReduceOp op = contender == Contender.SUM_FLOATS ? ReduceOp.SUM : ReduceOp.MAJORITY;
            communicator.allReduce(source.address(), target.address(), n, type, op);
            return UnsafeApi.getLong(target.address());
        }

        @Override
        public void close() {
            CloseHelper.closeAll(signum, source, target);
        }
    }
}
