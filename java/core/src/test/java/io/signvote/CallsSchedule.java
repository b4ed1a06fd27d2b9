package io.signvote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.BallotSource;
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
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.LangUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One seeded job of whole communicators. A program, or a thread beside it, ends the job. Each member has a thread, and one thread runs
 * at a time: when it idles, it draws the member that runs next. So the seed decides everything. After an exception every member makes
 * more calls, and all of them must fail.
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
    private static final byte UNTOUCHED = 0x5A;
    private static final long CAPACITY = 1 << 16;

    private final Trouble trouble;
    private final long seed;
    private final Random random;
    private final SimNetwork network;
    private final SimCoordinator coordinator;
    private final int ranks;
    private final int roundCount;
    private final Member[] members;
    private final int odd;
    private final int oddRound;
    private final int struckAt;
    private final String reason;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int turns;
    private int fillsUntilThrow;
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
        oddRound = random.nextInt(roundCount);
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
    private void strikeIfDue() {
        if (isStruck || turns < struckAt) {
            return;
        }
        final Member victim = members[odd];
        switch (trouble) {
            case INTERRUPT -> {
                isStruck = victim == running();
                if (isStruck) {
                    Thread.currentThread().interrupt();
                }
            }
            case CLOSE -> {
                // a call that is whole does not fail, and close() would then say goodbye on another thread
                isStruck = victim.isInCall && victim.idleTurns > 0;
                if (isStruck) {
                    closer = new Thread(victim.communicator::close, "closer");
                    closer.start();
                    while (!coordinator.hasFailure()) {
                        Thread.onSpinWait();
                    }
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

    private Member running() {
        for (final Member member : members) {
            if (member.thread == Thread.currentThread()) {
                return member;
            }
        }
        throw new AssertionError("not a thread of this job");
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
        return switch (draw.nextInt(6)) {
            case 0 -> new Call().set(Operation.SUM, DataType.FLOAT32, count, 0, 0);
            case 1 -> new Call().set(Operation.BROADCAST, DataType.FLOAT32, count, 0, draw.nextInt(ranks));
            case 2 -> new Call().set(Operation.ALL_GATHER, DataType.BYTE, CAPACITY, 0, 0);
            default -> new Call().set(Operation.MAJORITY, DataType.SIGN, count, round * 3L, 0);
        };
    }

    /** A member: its communicator, its program, and the idle strategy that lets others run. */
    private final class Member implements Runnable, IdleStrategy {
        private final int number;
        private final Membership membership;
        private final Communicator communicator;
        private final Semaphore baton = new Semaphore(0);
        private Thread thread;
        private boolean isInCall;
        private int idleTurns;
        private boolean isOver;
        private int done;
        private int committed;
        private Throwable error;
        private VoteException failure;

        Member(final int number, final int maxFrameLength, final Membership membership, final RoundSettings settings) {
            this.number = number;
            this.membership = membership;
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
            thread = Thread.currentThread();
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
            for (int round = 0; round < roundCount && error == null; round++) {
                final Call call = callOf(round);
                final byte[] expected = Oracle.result(
                        call.policies(
                                communicator.context().zeroPolicy(),
                                communicator.context().tiePolicy()),
                        ranks,
                        LOT_SEED,
                        0,
                        rank -> Oracle.ballot(seed, rank, done, call));
                try {
                    idleTurns = 0;
                    isInCall = true;
                    call(call, expected);
                    done++;
                } catch (final Death | AssertionError e) {
                    throw e;
                } catch (final Throwable e) {
                    error = e;
                } finally {
                    isInCall = false;
                }
            }
            final boolean isInterrupted = Thread.interrupted();
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

        private void callAgain(final int round) {
            final Call call = callOf(round % roundCount);
            final Throwable again = assertThrows(Throwable.class, () -> call(call, null), "a call after the error");
            if (error instanceof ClosedException) {
                assertInstanceOf(IllegalStateException.class, again);
            } else {
                assertSame(failure, again);
            }
        }

        private void call(final Call call, final byte[] expected) {
            final byte[] ballot = Oracle.ballot(seed, number, done % roundCount, call);
            switch (call.operation()) {
                case SUM -> sum(ballot, expected);
                case BROADCAST -> broadcast(call.root(), ballot, expected);
                case ALL_GATHER -> allGather(ballot, expected);
                default -> vote(call, ballot, expected);
            }
        }

        private void vote(final Call call, final byte[] ballot, final byte[] expected) {
            final int before = committed;
            boolean isWhole = false;
            try {
                communicator.vote(
                        DataType.SIGN,
                        new Source(ballot),
                        (words, count) -> commit(words, expected),
                        call.count(),
                        call.step(),
                        0);
                isWhole = true;
            } finally {
                assertEquals(before + (isWhole ? 1 : 0), committed, "a call that fails writes nothing");
            }
        }

        private void commit(final long words, final byte[] expected) {
            final byte[] actual = new byte[expected.length];
            new UnsafeBuffer(words, actual.length).getBytes(0, actual);
            assertArrayEquals(expected, actual);
            if (trouble == Trouble.THROWING_SINK && number == odd && done == oddRound) {
                throwIt();
            }
            committed++;
        }

        private void sum(final byte[] addend, final byte[] expected) {
            final float[] source = floats(addend);
            final float[] target = new float[source.length];
            Arrays.fill(target, UNTOUCHED);
            boolean isWhole = false;
            try {
                communicator.allReduce(source, target, ReduceOp.SUM);
                isWhole = true;
                assertArrayEquals(floats(expected), target);
            } finally {
                for (int i = 0; !isWhole && i < target.length; i++) {
                    assertEquals(UNTOUCHED, target[i], "a call that fails writes nothing");
                }
            }
        }

        private void broadcast(final int root, final byte[] ballot, final byte[] expected) {
            final float[] values = floats(ballot);
            if (number != root) {
                Arrays.fill(values, UNTOUCHED);
            }
            final float[] before = values.clone();
            boolean isWhole = false;
            try {
                communicator.broadcast(values, root);
                isWhole = true;
            } finally {
                assertArrayEquals(isWhole ? floats(expected) : before, values, "whole=" + isWhole);
            }
        }

        private void allGather(final byte[] shard, final byte[] expected) {
            final ByteBuffer source = ByteBuffer.allocateDirect(shard.length).put(0, shard);
            boolean isWhole = false;
            try (Gathered target = new Gathered(CAPACITY)) {
                try {
                    communicator.allGather(source, target);
                    isWhole = true;
                } finally {
                    assertArrayEquals(isWhole ? expected : new byte[0], bytes(target), "whole=" + isWhole);
                }
            }
        }

        private byte[] bytes(final Gathered gathered) {
            final byte[] bytes = new byte[(int) gathered.totalLength()];
            int at = 0;
            for (int rank = 0; rank < gathered.ranks(); rank++) {
                final int length = (int) gathered.length(rank);
                new UnsafeBuffer(gathered.address(rank), length).getBytes(0, bytes, at, length);
                at += length;
            }
            return bytes;
        }

        private float[] floats(final byte[] bytes) {
            final float[] floats = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
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

        @Override
        public void idle(final int workCount) {
            if (Thread.currentThread() != thread) {
                // the test closes a communicator that its program left open
                network.advance(20_000);
                return;
            }
            turns++;
            idleTurns = workCount > 0 ? 0 : idleTurns + 1;
            if (turns > MOST_TURNS) {
                fault = fault == null ? new AssertionError("a rank hangs, member " + number) : fault;
                throw new Death();
            }
            network.advance(random.nextInt(isStruck ? 20_000 : 2_000));
            strikeIfDue();
            final Member next = draw();
            if (next != this) {
                next.baton.release();
                baton.acquireUninterruptibly();
            }
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
        thrown = random.nextBoolean() ? new IOException("disk") : new IllegalStateException("disk");
        LangUtil.rethrowUnchecked(thrown);
    }

    /** Casts the ballots of the oracle. */
    private final class Source implements BallotSource {
        private final byte[] ballot;

        Source(final byte[] ballot) {
            this.ballot = ballot;
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            return random.nextInt(10) > 0;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            if (trouble == Trouble.THROWING_SOURCE && running().number == odd && fillsUntilThrow-- == 0) {
                throwIt();
            }
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final int length = (int) DataType.SIGN.sizeOf(count);
            new UnsafeBuffer(words, length).putBytes(0, ballot, (int) DataType.SIGN.sizeOf(coordinate), length);
        }
    }
}
