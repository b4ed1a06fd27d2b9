package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import java.util.BitSet;
import org.agrona.concurrent.UnsafeBuffer;

/** A member of a {@link SimulatedJob}: a rank that makes its calls one after another, or the server. */
final class SimulatedMember {
    private static final long LEAVE_TIMEOUT_NS = 100_000_000L;

    private enum State {
        READY,
        RUNNING,
        LEAVING,
        OVER
    }

    final int number;
    final SimTransport transport;
    final Engine engine;
    final Source source = new Source();

    /** The call that the member made last, its shards if it gathers, and its time. */
    Call call;

    Shards shards;
    long beganNs;

    /** Rounds that the member completed, and the error that ended it. */
    int done;

    VoteException error;
    private final SimulatedJob job;
    private final Disturbance disturbance;
    private State state = State.READY;

    SimulatedMember(
            final SimulatedJob job,
            final SimTransport transport,
            final Membership membership,
            final RoundSettings settings) {
        this.job = job;
        this.transport = transport;
        number = transport.rank();
        disturbance = job.disturbance;
        engine = new Engine(disturbance.transport(transport), membership, new ScalarKernels(), job.network, settings);
    }

    /** Whether the member makes calls. A server makes none. */
    boolean isRank() {
        return number < job.ranks;
    }

    /** Whether the member makes its next call in its next turn. */
    boolean isReady() {
        return state == State.READY;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Begins a call if none is running, and runs one duty cycle. */
    void turn() {
        if (isOver()) {
            disturbance.onTurnAfterEnd(this);
            return;
        }
        if (isRank() && isReady() && !disturbance.mayCall(this)) {
            return;
        }
        try {
            if (isRank() && isReady()) {
                begin();
            }
            job.onWork(engine.doWork());
            if (isRank() && engine.isIdle()) {
                end();
            }
        } catch (final VoteException e) {
            fail(e);
        } catch (final Throwable t) {
            fail(disturbance.errorOf(this, t));
        }
    }

    private void begin() {
        beganNs = job.network.nanoTime();
        call = done < job.roundCount ? disturbance.ownCall(this) : null;
        if (call == null) {
            state = State.LEAVING;
            engine.leave(LEAVE_TIMEOUT_NS);
            return;
        }
        shards = disturbance.shards(this);
        source.prepare();
        engine.begin(call, source, shards);
        state = State.RUNNING;
        disturbance.onBegin(this);
    }

    private void end() {
        if (state == State.LEAVING) {
            state = State.OVER;
            return;
        }
        disturbance.onResult(this);
        done++;
        state = done == job.roundCount && !disturbance.isLeaving() ? State.OVER : State.READY;
    }

    private void fail(final VoteException e) {
        disturbance.onError(this, e);
        error = e;
        state = State.OVER;
    }

    /** Casts the ballot of the member. The engine must fill each chunk once, just after the source was ready for it. */
    final class Source implements BallotSource {
        private final BitSet filled = new BitSet();
        private byte[] ballot;
        private long ready;

        private void prepare() {
            ballot = disturbance.ballot(SimulatedMember.this);
            filled.clear();
            ready = -1;
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            assertFalse(filled.get((int) coordinate), "asked for again");
            final boolean isReady = disturbance.isSourceReady(SimulatedMember.this, coordinate + count);
            ready = isReady ? coordinate : -1;
            return isReady;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            assertFalse(filled.get((int) coordinate), "filled twice");
            assertEquals(coordinate, ready, "filled before it is ready");
            filled.set((int) coordinate);
            disturbance.onFill(SimulatedMember.this);
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final DataType type = call.payloadType();
            final int length = (int) type.sizeOf(count);
            new UnsafeBuffer(words, length).putBytes(0, ballot, (int) type.sizeOf(coordinate), length);
        }
    }
}
