package io.signvote;

import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.op.DataType;
import java.util.function.LongConsumer;

/**
 * Base of collectives on memory that a communicator does not read itself, such as the memory of a GPU. A subclass brings sources
 * and sinks for that memory, and checks its arguments. This class submits the calls. Programs use a subclass, {@code
 * io.signvote.device.DeviceCollectives}. Used by one thread.
 */
public abstract class Collectives {
    private Communicator communicator;

    /**
     * Collectives over a communicator.
     *
     * @param communicator of the rank; not closed by the subclass.
     */
    protected Collectives(final Communicator communicator) {
        this.communicator = communicator;
    }

    /** {@return the ranks that vote} */
    public final Communicator communicator() {
        return communicator;
    }

    /**
     * Goes on over another communicator, when one has failed. The memory of the subclass stays.
     *
     * @param communicator connected to the ranks that go on.
     */
    public final void moveTo(final Communicator communicator) {
        this.communicator = communicator;
    }

    /**
     * The place of a rank among the ranks of its host, by which they share the devices of the host.
     *
     * @param communicator of the rank.
     * @return LOCAL_RANK of the launcher, or the rank if all ranks are in this process.
     */
    protected static int localRank(final Communicator communicator) {
        return communicator.localRank();
    }

    /**
     * Fails the job for an error outside of a call. Otherwise the other ranks would wait for our ballots. Does nothing if the
     * communicator has failed.
     *
     * @param error of this rank. The other ranks get its message.
     */
    protected final void abort(final Throwable error) {
        communicator.abort(error);
    }

    /**
     * Majority vote from and to callbacks, as {@link Communicator#vote(BallotSource, VerdictSink, long, long, long)}, of any type.
     *
     * @param type FLOAT32, or SIGN. The ranks compare it.
     * @param source of ballots.
     * @param sink takes the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link Communicator#MAX_COUNT}.
     * @param step what zeros and ties are drawn for; the same on every rank.
     * @param options 64 bits that all ranks must share; 0 for none.
     */
    protected final void vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final long step,
            final long options) {
        communicator.vote(type, source, sink, count, step, options);
    }

    /**
     * Majority vote that names no step. Its step is the number of the call, which it gets when it is submitted.
     *
     * @param type FLOAT32, or SIGN. The ranks compare it.
     * @param source of ballots.
     * @param sink takes the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link Communicator#MAX_COUNT}.
     * @param onBegun gets the step once the round has begun, before source and sink are used, under the rules of a source. An
     *     error that it throws fails the call.
     */
    protected final void vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final LongConsumer onBegun) {
        communicator.vote(type, source, sink, count, onBegun);
    }
}
