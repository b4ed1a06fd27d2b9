package io.signvote;

import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.op.DataType;
import java.util.function.LongConsumer;

/**
 * Base class of collectives on memory that a communicator does not read itself, such as the memory of a GPU. A subclass supplies
 * sources and sinks for that memory, and checks the arguments. This class submits the calls. Programs use the subclass {@code
 * io.signvote.device.DeviceCollectives}. Used by one thread.
 */
public abstract class Collectives {
    private Communicator communicator;

    /**
     * Makes collectives over a communicator.
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
     * Makes later calls over another communicator, after one has failed. The memory of the subclass stays.
     *
     * @param communicator connected to the ranks that go on.
     */
    public final void moveTo(final Communicator communicator) {
        this.communicator = communicator;
    }

    /**
     * The number of a rank among the ranks of its host. It selects the device of the rank.
     *
     * @param communicator of the rank.
     * @return LOCAL_RANK of the launcher, or the rank if all ranks are in this process.
     */
    protected static int localRank(final Communicator communicator) {
        return communicator.localRank();
    }

    /**
     * Aborts the job for an error outside of a call. Otherwise the other ranks would wait for ballots of this rank. Does nothing if
     * the communicator has failed.
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
     * @param sink receives the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link Communicator#MAX_COUNT}.
     * @param step selects the lots of zeros and ties; the same on every rank.
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
     * Majority vote whose step is the number of the call. A call gets its number when it is submitted.
     *
     * @param type FLOAT32, or SIGN. The ranks compare it.
     * @param source of ballots.
     * @param sink receives the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link Communicator#MAX_COUNT}.
     * @param onBegun gets the step after the round has begun and before source and sink are used. The rules of a {@link
     *     BallotSource} apply to it. If it throws, the call fails.
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
