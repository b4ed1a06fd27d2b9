package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.error.AbortedException;
import io.signvote.error.PeerLostException;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.LangUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.function.Executable;

/**
 * One seeded schedule that goes wrong in one way. Failures reach the others after a delay, or never. Whatever happens, every rank
 * must come to an end by its deadline, and what it completes must be the oracle's. A rank that has failed calls again now and then,
 * and gets the same error each time.
 */
final class FailingSchedule implements AutoCloseable {
    private static final long TIMEOUT_NS = 100_000_000L;
    private static final int MOST_CYCLES = 2_000_000;
    private static final long CAPACITY = 1 << 14;
    private static final long LOT_SEED = 7;
    private static final int NEVER = -1;
    private static final String CLOSE = "close()";
    private static final long MOST_DELAY_NS = 4_000_000L;
    private static final int MOST_CALLS_AGAIN = 5;
    private static final long SUSPICION_NS = 10_000_000_000L;
    private static final long PATIENT_TIMEOUT_NS = 300_000_000_000L;

    /** After this number of turns in which no member had work, the clock may run fast. */
    private static final int QUIET_TURNS = 200;

    /** What goes wrong. */
    enum Trouble {
        /** A member is cut off from all others at a random moment. */
        CUT_MEMBER,

        /** Frames from one member to one other are lost from a random moment on. */
        CUT_LINK,

        /** One rank calls something else in one round. */
        ODD_CALL,

        /** One rank makes one of its calls after the others have given up. */
        LATE_CALL,

        /** The source of one rank throws, checked or not. */
        THROWING_SOURCE
    }

    private final Trouble trouble;
    private final Random random;
    private final SimNetwork network;
    private final long seed;
    private final int ranks;
    private final int roundCount;
    private final boolean isTold;
    private final long timeoutNs;
    private final Member[] members;
    private long strikeNs;
    private int quietTurns;
    private int odd = NEVER;
    private int other = NEVER;
    private int oddRound = NEVER;
    private String oddCall;
    private int fillsUntilThrow;
    private Exception thrown;

    FailingSchedule(final long seed, final Trouble trouble) {
        this.seed = seed;
        this.trouble = trouble;
        random = Oracle.random(seed, 0);
        ranks = 2 + random.nextInt(5);
        roundCount = 1 + random.nextInt(4);
        final int planKind = random.nextInt(3);
        final boolean hasServer = planKind == 2;
        final Plan plan = planKind == 0 ? new Plan.Sharded(ranks) : new Plan.Star(ranks, hasServer ? ranks : 0);
        members = new Member[hasServer ? ranks + 1 : ranks];
        network = new SimNetwork(members.length, SimNetwork.Faults.random(random), random);
        final long mostDelayNs = random.nextInt(3) * MOST_DELAY_NS / 2;
        // if a failure reaches no other member, each member must find its own
        isTold = trouble.ordinal() > Trouble.CUT_LINK.ordinal() || random.nextBoolean();
        final boolean isWatched = trouble.ordinal() <= Trouble.CUT_LINK.ordinal() && isTold;
        timeoutNs = isWatched ? PATIENT_TIMEOUT_NS : TIMEOUT_NS;
        final SimCoordinator coordinator =
                new SimCoordinator(network, Oracle.random(seed, 2_000), mostDelayNs, isWatched ? SUSPICION_NS : 0);
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (4 + random.nextInt(30));
        final int fixedCredit = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(
                    i,
                    coordinator.membership(isTold),
                    maxFrameLength,
                    new RoundSettings(seed, 1, ranks, plan, LOT_SEED, 0, fixedCredit, timeoutNs));
        }
    }

    /** Runs until every rank is over, and checks what the trouble did to them; true where it made anyone fail. */
    boolean run() {
        final int struckAt = trouble == Trouble.CUT_MEMBER || trouble == Trouble.CUT_LINK
                ? 1 + random.nextInt(1 << random.nextInt(16))
                : 0;
        odd = random.nextInt(trouble == Trouble.CUT_MEMBER || trouble == Trouble.CUT_LINK ? members.length : ranks);
        oddRound = random.nextInt(roundCount);
        fillsUntilThrow = random.nextInt(20);
        int cycles = 0;
        while (!areAllOver()) {
            assertTrue(++cycles < MOST_CYCLES, "a rank hangs");
            if (cycles == struckAt) {
                strike();
            }
            // once the member is gone there is little to do but to wait
            network.advance(random.nextInt(mostStepNs(cycles, struckAt)));
            final Member member = members[random.nextInt(members.length)];
            member.turn();
            assertTrue(
                    cycles >= struckAt || member.error == null,
                    () -> "failed before anything went wrong: " + member.error);
        }
        int least = Integer.MAX_VALUE;
        int most = 0;
        boolean hasFailed = false;
        for (int rank = 0; rank < ranks; rank++) {
            final Member member = members[rank];
            hasFailed |= member.error != null;
            least = Math.min(least, member.done);
            most = Math.max(most, member.done);
            check(member);
        }
        assertTrue(most - least <= 1, "more than one round apart");
        return hasFailed;
    }

    private void strike() {
        strikeNs = network.nanoTime();
        if (trouble == Trouble.CUT_MEMBER) {
            network.cut(odd);
        } else {
            other = (odd + 1 + random.nextInt(members.length - 1)) % members.length;
            network.cut(odd, other);
        }
    }

    private int mostStepNs(final int cycles, final int struckAt) {
        if (timeoutNs == PATIENT_TIMEOUT_NS && strikeNs > 0 && quietTurns > QUIET_TURNS) {
            return 20_000_000;
        }
        return isStruck(cycles, struckAt) ? 50_000 : 2_000;
    }

    private boolean isStruck(final int cycles, final int struckAt) {
        if (struckAt > 0) {
            return cycles >= struckAt;
        }
        return thrown != null || trouble == Trouble.LATE_CALL && members[odd].done == oddRound;
    }

    private void check(final Member member) {
        final VoteException error = member.error;
        if (trouble == Trouble.ODD_CALL) {
            checkOddCall(member);
        } else if (trouble == Trouble.THROWING_SOURCE && thrown != null) {
            assertEquals(List.of(odd), error.ranks(), () -> "rank=" + member.number + ": " + error);
        } else if (trouble == Trouble.LATE_CALL && member.number != odd) {
            assertEquals(List.of(odd), error.ranks(), () -> "rank=" + member.number + ": " + error);
            assertEquals(oddRound, member.done);
        } else if (timeoutNs == PATIENT_TIMEOUT_NS && error != null) {
            assertInstanceOf(PeerLostException.class, error);
            final boolean isNamed = trouble == Trouble.CUT_MEMBER
                    ? error.ranks().size() == 2 && error.ranks().contains(odd)
                    : error.ranks().equals(List.of(Math.min(odd, other), Math.max(odd, other)));
            assertTrue(isNamed, () -> "rank=" + member.number + " odd=" + odd + " other=" + other + ": " + error);
        }
    }

    /** One rank called something else in one round: every rank must be told so, naming both calls. */
    private void checkOddCall(final Member member) {
        final VoteException error = member.error;
        final String usual = call(new Call(), oddRound).toString();
        final String what =
                "rank=" + member.number + " odd=" + odd + " calls " + oddCall + ", not " + usual + ": " + error;
        assertTrue(error instanceof ProtocolException, what);
        assertTrue(error.getMessage().contains(usual) && error.getMessage().contains(oddCall), what);
        assertTrue(!oddCall.equals(CLOSE) || error.getMessage().contains(afterCalls()), what);
        // a rank may still be in the round before when the others find out
        assertTrue(oddRound - member.done <= 1 && member.done <= oddRound, what);
    }

    @Override
    public void close() {
        for (final Member member : members) {
            CloseHelper.closeAll(member.engine, member.source);
        }
    }

    private boolean areAllOver() {
        for (int i = 0; i < ranks; i++) {
            if (members[i].state != State.OVER) {
                return false;
            }
        }
        return true;
    }

    /** The same call on every rank, a function of seed and round alone. */
    private Call call(final Call call, final int round) {
        final Random draw = Oracle.random(seed, 1 + round);
        final Operation operation = Operation.values()[draw.nextInt(6)];
        if (operation.isGather()) {
            final int total = Oracle.totalLength(seed, ranks, round);
            final boolean isEmpty = operation == Operation.ALL_GATHER && total == 0;
            return isEmpty
                    ? call(call.set(Operation.LENGTHS, DataType.BYTE, CAPACITY, 0, 0))
                    : call(call.set(operation, DataType.BYTE, operation == Operation.LENGTHS ? CAPACITY : total, 0, 0));
        }
        final long count = operation == Operation.BARRIER ? 1 : Oracle.count(draw, 2_000);
        final DataType type = operation == Operation.SUM || draw.nextBoolean() ? DataType.FLOAT32 : DataType.SIGN;
        final int root = operation == Operation.BROADCAST ? draw.nextInt(ranks) : 0;
        return call.set(operation, operation == Operation.BARRIER ? DataType.SIGN : type, count, round * 3L, root)
                .policies(ZeroPolicy.RANDOM, TiePolicy.values()[draw.nextInt(3)]);
    }

    /** What is said of a rank that closes: an all-gather is one call of two rounds. */
    private String afterCalls() {
        int made = 0;
        for (int round = 0; round < oddRound; round++) {
            made += call(new Call(), round).operation() == Operation.ALL_GATHER ? 0 : 1;
        }
        final boolean isWithinACall = call(new Call(), oddRound).operation() == Operation.ALL_GATHER;
        return isWithinACall ? CLOSE : "rank " + odd + " called close() after " + made + " call";
    }

    private static Call call(final Call call) {
        return call.policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    /** Another call than everyone else's, or null for close(). */
    private Call otherCall(final Call call, final int round) {
        final Call usual = call(new Call(), round);
        final int root = (usual.root() + 1) % ranks;
        return switch (random.nextInt(7)) {
            case 0 ->
                call(call, round).set(usual.operation(), usual.type(), usual.count() + 1, usual.step(), usual.root());
            case 1 -> call(call, round).set(Operation.BROADCAST, DataType.FLOAT32, usual.count(), usual.step(), root);
            case 2 ->
                call(call, round)
                        .set(
                                usual.operation() == Operation.SUM ? Operation.MAJORITY : Operation.SUM,
                                DataType.FLOAT32,
                                usual.count(),
                                usual.step(),
                                0);
            case 3 -> call(call, round).set(Operation.MAJORITY, DataType.SIGN, usual.count() + 3, usual.step() + 1, 0);
            case 4 -> call(call, round).set(Operation.BARRIER, DataType.SIGN, 1, usual.step() + 1, 0);
            case 5 -> call(call, round).set(Operation.LENGTHS, DataType.BYTE, CAPACITY + 1, 0, 0);
            default -> null;
        };
    }

    private enum State {
        READY,
        RUNNING,
        LEAVING,
        OVER
    }

    /** A rank that makes its calls one after another and then leaves, or the server. */
    private final class Member {
        private final int number;
        private final Engine engine;
        private final Source source;
        private final Call call = new Call();
        private State state = State.READY;
        private long beganNs;
        private int done;
        private VoteException error;
        private int callsAgain;

        Member(final int number, final Membership membership, final int maxFrameLength, final RoundSettings settings) {
            this.number = number;
            engine = new Engine(
                    network.transport(number, maxFrameLength), membership, new ScalarKernels(), network, settings);
            source = new Source(number);
        }

        void turn() {
            if (state == State.OVER) {
                callAgain();
                return;
            }
            if (trouble == Trouble.LATE_CALL
                    && number == odd
                    && done == oddRound
                    && state == State.READY
                    && isEarly()) {
                return;
            }
            try {
                if (number < ranks && state == State.READY) {
                    begin();
                }
                quietTurns = engine.doWork() > 0 ? 0 : quietTurns + 1;
                if (number < ranks && engine.isIdle()) {
                    end();
                }
            } catch (final VoteException e) {
                onError(e);
            } catch (final Throwable t) {
                // as a communicator does with what its caller's code throws
                assertSame(thrown, t);
                onError(engine.fail(
                        Failures.aborted(engine.call().toString(), engine.roundId(), number, ranks, t),
                        new AbortedException(t.getMessage(), List.of(number), t)));
            }
        }

        /** Whether others are still waiting for us. */
        private boolean isEarly() {
            for (int rank = 0; rank < ranks; rank++) {
                if (rank != number && members[rank].error == null) {
                    return true;
                }
            }
            return false;
        }

        /** A program that catches the error and goes on. */
        private void callAgain() {
            if (error == null || number >= ranks || callsAgain == MOST_CALLS_AGAIN || random.nextInt(20) > 0) {
                return;
            }
            callsAgain++;
            final Call again = call(call, random.nextInt(roundCount));
            final Shards shards = Oracle.shards(seed, ranks, 0, again);
            final Executable begin =
                    () -> engine.begin(again, source, again.operation().isGather() ? shards : null);
            assertSame(error, assertThrows(VoteException.class, begin), "a call after the error");
            assertSame(error, assertThrows(VoteException.class, engine::doWork), "a duty cycle after the error");
        }

        private void begin() {
            beganNs = network.nanoTime();
            final boolean isOdd = trouble == Trouble.ODD_CALL && number == odd && done == oddRound;
            final Call own = isOdd ? otherCall(call, done) : call(call, done);
            if (isOdd) {
                oddCall = own == null ? CLOSE : own.toString();
            }
            if (done == roundCount || own == null) {
                state = State.LEAVING;
                engine.leave(TIMEOUT_NS);
            } else {
                source.prepare(own, done);
                engine.begin(own, source, shards(own));
                state = State.RUNNING;
            }
        }

        /** Shards of a call; who calls something else may have a byte more than anyone expects. */
        private Shards shards(final Call own) {
            final Shards shards = Oracle.shards(seed, ranks, done, own);
            if (shards == null || own.operation() == Operation.LENGTHS || shards.totalLength() == own.count()) {
                return shards;
            }
            try (OffHeap lengths = new OffHeap(ranks * 8L)) {
                for (int rank = 0; rank < ranks; rank++) {
                    UnsafeApi.putLong(lengths.address() + rank * 8L, shards.length(rank) + (rank == number ? 1 : 0));
                }
                shards.read(lengths.address(), own.count());
            }
            return shards;
        }

        private void end() {
            if (state == State.LEAVING) {
                state = State.OVER;
                return;
            }
            final Call usual = call(new Call(), done);
            final byte[] expected =
                    Oracle.result(usual, ranks, LOT_SEED, 0, rank -> Oracle.ballot(seed, rank, done, usual));
            final byte[] actual = Oracle.held(engine.result(), usual, Oracle.shards(seed, ranks, done, usual));
            assertArrayEquals(expected, actual, () -> "member=" + number + " " + usual);
            done++;
            state = State.READY;
        }

        private void onError(final VoteException e) {
            final boolean isWatched = timeoutNs == PATIENT_TIMEOUT_NS;
            final long tookNs = network.nanoTime() - Math.max(beganNs, isWatched ? strikeNs : 0);
            final long mostNs = isWatched ? SUSPICION_NS : TIMEOUT_NS * 2;
            assertTrue(number >= ranks || tookNs <= mostNs, () -> number + " took " + tookNs + " ns: " + e);
            assertTrue(
                    number >= ranks || state == State.READY || !engine.isIdle(), "a round that failed looks complete");
            assertSame(e, assertThrows(VoteException.class, engine::doWork), "it stays failed");
            error = e;
            state = State.OVER;
        }
    }

    /** Casts the ballots of the oracle. */
    private final class Source implements BallotSource, AutoCloseable {
        private final int rank;
        private DataType type;
        private byte[] ballot;

        Source(final int rank) {
            this.rank = rank;
        }

        void prepare(final Call call, final int round) {
            type = call.payloadType();
            ballot = Oracle.ballot(seed, rank, round, call);
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            return random.nextInt(10) > 0;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            if (trouble == Trouble.THROWING_SOURCE && rank == odd && fillsUntilThrow-- == 0) {
                thrown = random.nextBoolean() ? new IOException("disk") : new IllegalStateException("disk");
                LangUtil.rethrowUnchecked(thrown);
            }
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final int from = (int) type.sizeOf(coordinate);
            // who says to have a byte more than it has casts that many less
            final int length = Math.min((int) type.sizeOf(count), ballot.length - from);
            new UnsafeBuffer(words, Math.max(0, length)).putBytes(0, ballot, from, Math.max(0, length));
        }

        @Override
        public void close() {
            ballot = null;
        }
    }
}
