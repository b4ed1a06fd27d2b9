package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.Engine;
import io.signvote.collective.Oracle;
import io.signvote.collective.Plan;
import io.signvote.collective.RoundSettings;
import io.signvote.collective.SimCoordinator;
import io.signvote.error.AbortedException;
import io.signvote.error.ClosedException;
import io.signvote.error.InterruptedCallException;
import io.signvote.error.PeerLostException;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.LangUtil;
import org.agrona.concurrent.IdleStrategy;

/**
 * One seeded job of whole communicators. A program, or a thread beside it, ends the job. Each member makes blocking calls on one or
 * two threads, or asynchronous calls. One thread drives at a time: when it idles, it draws the member that runs next. So the seed
 * decides everything. {@link RankThreads} says how the threads of one rank take turns. After an exception every member makes more
 * calls, and all of them must fail.
 */
final class CallsSchedule implements AutoCloseable {
    /** The event that ends the job. */
    enum Trouble {
        /** The thread of one rank is interrupted. */
        INTERRUPT,

        /** Another thread closes the communicator of one rank inside a call. */
        CLOSE,

        /** Another thread aborts at one rank. */
        ABORT,

        /** One process dies, often before its first duty cycle: after the roster, before any frame. */
        DEATH,

        /** The source of one rank throws, checked or not. */
        THROWING_SOURCE,

        /** The sink of one rank throws, checked or not. */
        THROWING_SINK
    }

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        final Thread thread = new Thread(task, "simulated rank");
        thread.setDaemon(true);
        return thread;
    });
    private static final long DEADLINE_S = 100;
    private static final long TIMEOUT_NS = 100_000_000L;
    private static final long LOT_SEED = 7;
    private static final int MOST_TURNS = 1_000_000;
    private static final int CALLS_AGAIN = 3;

    private final Trouble trouble;
    private final long seed;
    private final Random random;
    private final SimNetwork network;
    private final SimCoordinator coordinator;
    private final int ranks;
    private final int roundCount;
    private final Member[] members;
    private final int odd;
    private final boolean isChecked;
    private final int struckAt;
    private final String reason;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int turns;
    private int fillsUntilThrow;
    private int commitsUntilThrow;
    private boolean isStruck;
    private boolean isDead;
    private Thread closer;
    private Exception thrown;
    private Throwable fault;

    CallsSchedule(final long seed, final Trouble trouble) {
        this.seed = seed;
        this.trouble = trouble;
        random = Oracle.random(seed, 0);
        reason = "reason " + seed;
        ranks = 2 + random.nextInt(4);
        roundCount = 1 + random.nextInt(4);
        final int planKind = random.nextInt(3);
        final int memberCount = planKind == 2 ? ranks + 1 : ranks;
        final Plan plan = planKind == 0 ? new Plan.Sharded(ranks) : new Plan.Star(ranks, planKind == 2 ? ranks : 0);
        network = new SimNetwork(memberCount, SimNetwork.Faults.random(random), random);
        coordinator = new SimCoordinator(network, random, random.nextInt(3) * 2_000_000L);
        odd = random.nextInt(ranks);
        commitsUntilThrow = random.nextInt(roundCount);
        isChecked = random.nextBoolean();
        struckAt = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(1 << random.nextInt(14));
        fillsUntilThrow = random.nextInt(10);
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (4 + random.nextInt(30));
        final RoundSettings settings =
                new RoundSettings(seed, 1, ranks, plan, LOT_SEED, 0, random.nextInt(20), TIMEOUT_NS);
        members = new Member[memberCount];
        for (int i = 0; i < memberCount; i++) {
            members[i] = new Member(i, maxFrameLength, coordinator.membership(true), settings);
        }
    }

    /** Runs until every member has ended, and checks the result of each. Returns whether a rank has failed. */
    boolean run() throws InterruptedException {
        for (final Member member : members) {
            THREADS.execute(member);
        }
        members[random.nextInt(members.length)].baton.release();
        // fails only if no turn was made since the last look: the machine may have stopped this process for a while
        int seen = -1;
        while (!over.await(DEADLINE_S, TimeUnit.SECONDS)) {
            assertTrue(turns != seen, "a thread hangs");
            seen = turns;
        }
        if (fault != null) {
            throw new AssertionError(fault);
        }
        if (closer != null) {
            closer.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
            assertTrue(!closer.isAlive(), "close() hangs");
        }
        boolean hasFailed = false;
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int rank = 0; rank < ranks; rank++) {
            final Member member = members[rank];
            hasFailed |= member.error != null;
            if (!isDead || rank != odd) {
                check(member);
                least = Math.min(least, member.done);
                most = Math.max(most, member.done);
            }
        }
        assertTrue(most - least <= 1, "more than one round apart");
        return hasFailed;
    }

    long elapsedNs() {
        return network.nanoTime();
    }

    int turns() {
        return turns;
    }

    private void check(final Member member) {
        final Throwable error = member.error;
        final String what = "rank=" + member.number + " odd=" + odd + ": " + error;
        if (error == null) {
            assertEquals(roundCount, member.done, what);
            return;
        }
        if (member.number == odd && thrown != null) {
            assertSame(thrown, error, what);
            assertSame(
                    thrown,
                    assertInstanceOf(AbortedException.class, member.failure).getCause(),
                    what);
            assertEquals(List.of(odd), member.failure.ranks(), what);
            return;
        }
        final Class<? extends VoteException> here = switch (trouble) {
            case INTERRUPT -> InterruptedCallException.class;
            case CLOSE -> ClosedException.class;
            default -> AbortedException.class;
        };
        final boolean isLost = trouble == Trouble.CLOSE || trouble == Trouble.DEATH;
        final Class<? extends VoteException> there = isLost ? PeerLostException.class : AbortedException.class;
        assertEquals(member.number == odd ? here : there, error.getClass(), what);
        final VoteException typed = (VoteException) error;
        assertEquals(List.of(odd), typed.ranks(), what);
        assertSame(typed, member.failure, what);
        assertTrue(trouble != Trouble.ABORT || typed.getMessage().equals(reason), what);
    }

    @Override
    public void close() {
        for (final Member member : members) {
            member.communicator.close();
        }
    }

    /** Causes the trouble if it is due and possible now. The calling thread belongs to another rank than the odd one, or idles. */
    private void strikeIfDue(final Member running) {
        if (isStruck || turns < struckAt) {
            return;
        }
        final Member victim = members[odd];
        switch (trouble) {
            case INTERRUPT -> {
                final Thread waiting = victim.threads == null ? null : victim.threads.waiting();
                if (waiting != null) {
                    isStruck = true;
                    waiting.interrupt();
                    awaitFailure();
                } else if (victim == running && victim.threads.isOfProgram()) {
                    isStruck = true;
                    Thread.currentThread().interrupt();
                }
            }
            case CLOSE -> {
                // a call that is whole does not fail, and close() would then say goodbye on another thread
                isStruck = victim.isInCall && victim.idleTurns > 0;
                if (isStruck) {
                    closer = new Thread(victim.communicator::close, "closer");
                    closer.start();
                    awaitFailure();
                }
            }
            case ABORT -> {
                isStruck = true;
                victim.communicator.abort(reason);
            }
            case DEATH -> {
                isStruck = true;
                if (!victim.isOver) {
                    isDead = true;
                    network.cut(odd);
                    victim.membership.fail(new Failure(Failure.Kind.PEER_DIED, List.of(odd), "rank " + odd + " died"));
                }
            }
            default -> isStruck = true;
        }
    }

    private void awaitFailure() {
        while (!coordinator.hasFailure()) {
            Thread.onSpinWait();
        }
    }

    /** The member that runs next: any that has not ended. A dead member runs after all others, so its thread ends too. */
    private Member draw() {
        int living = 0;
        for (final Member member : members) {
            living += isLiving(member) ? 1 : 0;
        }
        if (living == 0) {
            return members[odd].isOver ? null : members[odd];
        }
        int place = random.nextInt(living);
        int i = 0;
        while (!isLiving(members[i]) || place-- > 0) {
            i++;
        }
        return members[i];
    }

    private boolean isLiving(final Member member) {
        return !member.isOver && (!isDead || member.number != odd);
    }

    /** Ends the thread of a process that died. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** The same call on every rank, a function of seed and round alone. */
    private Call callOf(final int round) {
        final Random draw = Oracle.random(seed, 1 + round);
        final long count = Oracle.count(draw, 3_000);
        return switch (draw.nextInt(10)) {
            case 0 -> new Call().set(ReduceOp.SUM, DataType.FLOAT32, count, 0);
            case 1 -> new Call().set(Collective.BROADCAST, null, DataType.FLOAT32, count, 0, draw.nextInt(ranks));
            case 2 ->
                new Call().set(Collective.ALL_GATHER_V, null, DataType.UINT8, ScheduledCall.GATHER_CAPACITY, 0, 0);
            case 3, 4, 5, 6 -> ScheduledCall.onElements(draw, ranks, count / ranks);
            default -> new Call().set(ReduceOp.MAJORITY, DataType.SIGN, count, round * 3L);
        };
    }

    /** A member: its communicator, its program, and the idle strategy that lets others run. */
    private final class Member implements Runnable, IdleStrategy, ScheduledCall.Events {
        private final int number;
        private final Membership membership;
        private final Communicator communicator;
        private final Semaphore baton = new Semaphore(0);
        private final Random manner;
        private final boolean isAsynchronous;
        private volatile RankThreads threads;
        private ScheduledCall second;
        private Throwable secondOutcome;
        private int idlesToSecond;
        private boolean isInCall;
        private int idleTurns;
        private volatile boolean isOver;
        private int done;
        private Throwable error;
        private boolean isInterrupted;
        private VoteException failure;

        Member(final int number, final int maxFrameLength, final Membership membership, final RoundSettings settings) {
            this.number = number;
            this.membership = membership;
            manner = Oracle.random(seed, 100 + number);
            isAsynchronous = manner.nextBoolean();
            final Context context = new Context().rank(0).worldSize(ranks).idleStrategy(() -> this);
            context.conclude();
            final SimTransport transport = network.transport(number, maxFrameLength);
            final ScalarKernels kernels = new ScalarKernels();
            final Engine engine = new Engine(transport, membership, kernels, network, settings);
            communicator =
                    new Communicator(context, kernels, transport, membership, engine, ranks, () -> {}, TIMEOUT_NS);
        }

        @Override
        public void run() {
            threads = new RankThreads(communicator);
            try {
                baton.acquireUninterruptibly();
                if (number < ranks) {
                    program();
                } else {
                    serve();
                }
            } catch (final Death e) {
                error = error == null ? e : error;
            } catch (final Throwable e) {
                fault = fault == null ? new AssertionError("member " + number, e) : fault;
            } finally {
                isOver = true;
                final Member next = draw();
                if (next == null) {
                    over.countDown();
                } else {
                    next.baton.release();
                }
            }
        }

        private void program() throws Exception {
            // a process that died before its first duty cycle
            if (isDead && number == odd) {
                throw new Death();
            }
            while (done < roundCount && error == null) {
                final boolean isPair = done + 1 < roundCount && manner.nextBoolean();
                if (isAsynchronous) {
                    start(isPair ? 2 : 1);
                } else {
                    block(isPair);
                }
            }
            if (error instanceof Death death) {
                throw death;
            }
            isInterrupted |= Thread.interrupted();
            assertTrue(!(error instanceof InterruptedCallException) || isInterrupted, "the interrupt is lost");
            if (error == null) {
                communicator.close();
                final boolean isKept = isInterrupted || Thread.interrupted();
                assertEquals(trouble == Trouble.INTERRUPT && number == odd && isStruck, isKept);
                return;
            }
            failure = communicator.failure();
            assertNotNull(failure, () -> "nothing failed, but " + error);
            for (int i = 0; i < CALLS_AGAIN; i++) {
                callAgain(i);
            }
            communicator.close();
        }

        /** Makes a blocking call. A second thread of the rank may make the next call while the first thread is inside of this one. */
        private void block(final boolean isPair) throws InterruptedException {
            final int round = done;
            second = isPair ? scheduled(round + 1) : null;
            idlesToSecond = manner.nextInt(20);
            onEnd(outcome(scheduled(round)));
            if (isPair && second == null) {
                threads.joinSecond();
                onEnd(secondOutcome);
            }
            second = null;
            isInCall = false;
        }

        private Throwable outcome(final ScheduledCall call) {
            idleTurns = 0;
            isInCall = true;
            try {
                call.run();
                return null;
            } catch (final Throwable e) {
                return e;
            }
        }

        private void onSecondThread(final ScheduledCall call) {
            secondOutcome = outcome(call);
            isInterrupted |= Thread.interrupted();
        }

        /** Makes asynchronous calls. The progress thread drives them for a while. Then this thread waits for each, or for the last first. */
        private void start(final int count) throws InterruptedException {
            final ScheduledCall[] calls = new ScheduledCall[count];
            final Work[] works = new Work[count];
            idleTurns = 0;
            isInCall = true;
            for (int i = 0; i < count; i++) {
                calls[i] = scheduled(done + i);
                works[i] = started(calls[i]);
            }
            final int first = manner.nextInt(count);
            for (int i = 0; i < count; i++) {
                final int next = i == 0 ? first : 1 - first;
                if (works[next] != null) {
                    threads.sleep(works[next], 1 + manner.nextInt(40), i == 0);
                    await(works[next]);
                }
            }
            isInCall = false;
            for (int i = 0; i < count; i++) {
                final Throwable end = works[i] == null ? communicator.failure() : works[i].error();
                calls[i].verify(end == null);
                onEnd(end);
            }
        }

        /** Starts a call. The failure of the call before it may refuse it, and then there is no work. */
        private Work started(final ScheduledCall call) {
            try {
                return call.start();
            } catch (final VoteException e) {
                assertSame(communicator.failure(), e);
                return null;
            }
        }

        private void await(final Work work) {
            try {
                work.await();
                assertTrue(work.isDone());
                assertNull(work.error(), "await() hides an error");
            } catch (final AssertionError e) {
                throw e;
            } catch (final Throwable e) {
                assertSame(work.error(), e);
            }
        }

        /** Counts a call, or remembers the first error. */
        private void onEnd(final Throwable end) {
            if (end instanceof AssertionError failed) {
                throw failed;
            }
            done += end == null ? 1 : 0;
            error = error == null ? end : error;
        }

        private ScheduledCall scheduled(final int round) {
            final Call call = callOf(round);
            final byte[] expected = Oracle.result(
                    call.policies(
                            communicator.context().zeroPolicy(),
                            communicator.context().tiePolicy()),
                    number,
                    ranks,
                    LOT_SEED,
                    0,
                    rank -> Oracle.ballot(seed, rank, round, call, ranks));
            final byte[] ballot = Oracle.ballot(seed, number, round, call, ranks);
            final byte[] result = Oracle.hasResult(call, number) ? expected : null;
            return new ScheduledCall(communicator, call, ballot, result, this);
        }

        private void callAgain(final int round) {
            final ScheduledCall call = scheduled(round % roundCount);
            final Throwable again = assertThrows(
                    Throwable.class,
                    () -> {
                        if (round == 0) {
                            call.start();
                        } else {
                            call.run();
                        }
                    },
                    "a call after the error");
            if (error instanceof ClosedException) {
                assertInstanceOf(IllegalStateException.class, again);
            } else {
                assertSame(failure, again);
            }
        }

        private void serve() {
            try {
                communicator.calls().serve();
            } catch (final VoteException e) {
                error = e;
                failure = communicator.failure();
                assertSame(e, failure);
            }
            communicator.close();
        }

        // of the calls

        @Override
        public boolean isReady() {
            return random.nextInt(10) > 0;
        }

        @Override
        public void onFill() {
            if (trouble == Trouble.THROWING_SOURCE && number == odd && fillsUntilThrow-- == 0) {
                throwIt();
            }
        }

        @Override
        public void onCommit() {
            if (trouble == Trouble.THROWING_SINK && number == odd && commitsUntilThrow-- == 0) {
                throwIt();
            }
        }

        // of the engine

        @Override
        public void idle(final int workCount) {
            if (isOver) {
                // the test closes a communicator that its program left open
                network.advance(20_000);
                return;
            }
            if (!threads.enter()) {
                return;
            }
            turns++;
            idleTurns = workCount > 0 ? 0 : idleTurns + 1;
            if (turns > MOST_TURNS) {
                fault = fault == null ? new AssertionError("a rank hangs, member " + number) : fault;
                throw new Death();
            }
            if (second != null && idlesToSecond-- == 0) {
                final ScheduledCall call = second;
                second = null;
                threads.startSecond(() -> onSecondThread(call));
            }
            network.advance(random.nextInt(isStruck ? 20_000 : 2_000));
            strikeIfDue(this);
            final Member next = draw();
            if (next != this) {
                next.baton.release();
                baton.acquireUninterruptibly();
            }
            threads.leave();
            if (isDead && number == odd) {
                throw new Death();
            }
        }

        @Override
        public void idle() {
            idle(0);
        }

        @Override
        public void reset() {}
    }

    private void throwIt() {
        thrown = isChecked ? new IOException("disk") : new IllegalStateException("disk");
        LangUtil.rethrowUnchecked(thrown);
    }
}
