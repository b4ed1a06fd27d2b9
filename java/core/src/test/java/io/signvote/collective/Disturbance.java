package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.signvote.collective.SimulatedJob.Setup;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.transport.Transport;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import java.util.Random;
import org.agrona.LangUtil;

/**
 * The strategy of a {@link SimulatedJob}: the calls, the trouble, and the checks. Without an override all ranks make the same
 * calls, no call fails, and each result is that of the {@link Oracle}.
 */
abstract class Disturbance {
    /** The disturbed job, from {@link #start} on. */
    SimulatedJob job;

    /** Draws the values that the job needs before its members exist. */
    abstract Setup setUp(long seed, Random random);

    /** The usual call of every rank: a function of seed and round alone. */
    abstract Call call(int round);

    /** Takes the job, whose members now exist. */
    void start(final SimulatedJob job) {
        this.job = job;
    }

    /** The transport below the engine of a member. */
    Transport transport(final SimTransport honest) {
        return honest;
    }

    /** The job runs until this many ranks are over, from rank 0 on. */
    int awaitedRanks() {
        return job.ranks;
    }

    /** Bound of the cycles of a job. */
    int mostCycles() {
        return 20_000_000;
    }

    /** Advances the clock and draws the member of the next turn. */
    SimulatedMember next() {
        job.network.advance(job.random.nextInt(mostStepNs()));
        return job.members[job.random.nextInt(job.members.length)];
    }

    /** Bound of a step of the clock. */
    int mostStepNs() {
        return 2_000;
    }

    /** Whether a rank makes its next call in this turn. */
    boolean mayCall(final SimulatedMember rank) {
        return true;
    }

    /** The next call of a rank, or null for close(). */
    Call ownCall(final SimulatedMember rank) {
        return call(rank.done);
    }

    /** The shards of the call of a rank, or null if the call gathers nothing. */
    Shards shards(final SimulatedMember rank) {
        return Oracle.shards(job.seed, job.ranks, rank.done, rank.call);
    }

    /** The ballot that a rank casts in its call. */
    byte[] ballot(final SimulatedMember rank) {
        return Oracle.ballot(job.seed, rank.number, rank.done, rank.call, job.ranks);
    }

    /** Whether the source of a rank has all coordinates before {@code end}. */
    boolean isSourceReady(final SimulatedMember rank, final long end) {
        return true;
    }

    /** A rank fills a chunk. */
    void onFill(final SimulatedMember rank) {}

    /** A rank has begun its call. */
    void onBegin(final SimulatedMember rank) {}

    /** A rank holds the result of its call. */
    void onResult(final SimulatedMember rank) {
        final int round = rank.done;
        final Call usual = call(round);
        if (!Oracle.hasResult(usual, rank.number)) {
            return;
        }
        final byte[] expected = Oracle.result(
                usual,
                rank.number,
                job.ranks,
                SimulatedJob.LOT_SEED,
                0,
                each -> Oracle.ballot(job.seed, each, round, usual, job.ranks));
        final Shards gathered = Oracle.shards(job.seed, job.ranks, round, usual);
        final byte[] actual = Oracle.held(rank.engine.result(), usual, gathered, job.ranks);
        assertArrayEquals(expected, actual, () -> "member=" + rank.number + " " + usual);
    }

    /** Whether a rank calls close() after its last call. */
    boolean isLeaving() {
        return false;
    }

    /** The error of a member whose turn throws anything else than a {@link VoteException}. */
    VoteException errorOf(final SimulatedMember member, final Throwable thrown) {
        LangUtil.rethrowUnchecked(thrown);
        return null;
    }

    /** An error ends a member. */
    void onError(final SimulatedMember member, final VoteException error) {
        throw error;
    }

    /** A member that is over gets another turn. */
    void onTurnAfterEnd(final SimulatedMember member) {}

    /** A turn of any member has ended. */
    void onTurn() {}

    /** The job is over. */
    void check() {}

    /** Every rank tallies a share, or rank 0 tallies all, or a server does. */
    static Plan plan(final int ranks, final Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Plan.Sharded(ranks);
            case 3 -> new Plan.Replicated(ranks);
            case 1 -> new Plan.Star(ranks, 0);
            default -> new Plan.Star(ranks, ranks);
        };
    }

    /** Members of a job: its ranks, and the server if it has one. */
    static int members(final int ranks, final Plan plan) {
        return hasServer(ranks, plan) ? ranks + 1 : ranks;
    }

    /** Whether the tallier is no rank. */
    static boolean hasServer(final int ranks, final Plan plan) {
        return plan instanceof Plan.Star star && star.tallier() == ranks;
    }

    /** A call that gathers lengths, or that many bytes if the collective is an all-gather and there are any. */
    static Call gather(final Collective collective, final int total, final long capacity) {
        final boolean isAll = collective == Collective.ALL_GATHER_V && total > 0;
        return new Call()
                .set(isAll ? collective : Collective.LENGTHS, null, DataType.UINT8, isAll ? total : capacity, 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }
}
