package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.PeerLostException;
import io.signvote.error.VoteException;
import java.util.List;
import java.util.Random;

/**
 * Frames are lost from a random moment on: all frames of one member, or the frames from one member to one other. If members are
 * told of failures, they watch their links and find the dead link long before the timeout.
 */
final class CutLinks extends Breakdown {
    private static final long SUSPICION_NS = 10_000_000_000L;
    private static final long PATIENT_TIMEOUT_NS = 300_000_000_000L;

    /** After this number of turns in which no member had work, the clock may run fast. */
    private static final int QUIET_TURNS = 200;

    private final boolean isOfWholeMember;
    private boolean isWatched;
    private int struckAt;
    private long strikeNs;
    private int other;

    CutLinks(final boolean isOfWholeMember) {
        this.isOfWholeMember = isOfWholeMember;
    }

    @Override
    boolean drawIsTold(final Random random) {
        isWatched = random.nextBoolean();
        return isWatched;
    }

    @Override
    long timeoutNs() {
        return isWatched ? PATIENT_TIMEOUT_NS : TIMEOUT_NS;
    }

    @Override
    long suspicionTimeoutNs() {
        return isWatched ? SUSPICION_NS : 0;
    }

    @Override
    void start(final SimulatedJob job) {
        struckAt = 1 + job.random.nextInt(1 << job.random.nextInt(16));
        super.start(job);
    }

    @Override
    int candidates() {
        return job.members.length;
    }

    @Override
    SimulatedMember next() {
        if (job.cycles() == struckAt) {
            strike();
        }
        return super.next();
    }

    private void strike() {
        strikeNs = job.network.nanoTime();
        if (isOfWholeMember) {
            job.network.cut(odd);
        } else {
            other = (odd + 1 + job.random.nextInt(job.members.length - 1)) % job.members.length;
            job.network.cut(odd, other);
        }
    }

    @Override
    boolean isStruck() {
        return job.cycles() >= struckAt;
    }

    @Override
    int mostStepNs() {
        return isWatched && isStruck() && job.quietTurns() > QUIET_TURNS ? 20_000_000 : super.mostStepNs();
    }

    @Override
    void onError(final SimulatedMember member, final VoteException error) {
        assertTrue(isStruck(), () -> "failed before anything went wrong: " + error);
        super.onError(member, error);
    }

    @Override
    long tookNs(final SimulatedMember member) {
        return isWatched ? job.network.nanoTime() - Math.max(member.beganNs, strikeNs) : super.tookNs(member);
    }

    @Override
    long mostNs() {
        return isWatched ? SUSPICION_NS : super.mostNs();
    }

    @Override
    void check(final SimulatedMember rank) {
        final VoteException error = rank.error;
        if (!isWatched || error == null) {
            return;
        }
        assertInstanceOf(PeerLostException.class, error);
        final boolean isNamed = isOfWholeMember
                ? error.ranks().size() == 2 && error.ranks().contains(odd)
                : error.ranks().equals(List.of(Math.min(odd, other), Math.max(odd, other)));
        assertTrue(isNamed, () -> "rank=" + rank.number + " odd=" + odd + " other=" + other + ": " + error);
    }
}
