package io.signvote;

import io.signvote.collective.Engine;
import io.signvote.collective.Shards;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.wire.Operation;
import org.agrona.UnsafeApi;

/** The two rounds of an all-gather: how much each rank has, and then what it is. */
final class AllGather {
    private final Communicator communicator;
    private final Engine engine;
    private final Shards shards;
    private final Sources.Length lengths = new Sources.Length();
    private final Sources.Copy bytes = new Sources.Copy();

    AllGather(final Communicator communicator, final Engine engine) {
        this.communicator = communicator;
        this.engine = engine;
        shards = new Shards(communicator.size());
    }

    void run(final long source, final long length, final Gathered target) {
        if (target == null) {
            throw new ConfigurationException("allGather: target=null, give a Gathered");
        }
        if (length < 0 || length > 0 && source == 0) {
            throw new ConfigurationException("allGather of length=" + length + " from source=" + source
                    + ", expected 0 bytes or an address of more");
        }
        target.ensureOpen();
        final long capacity = target.capacity();
        communicator.run(Operation.LENGTHS, capacity, lengths.of(length), shards.fill(Long.BYTES));
        // what a rank has announced may be anything: nothing is sized by it before all of it is known to fit
        final int refused = shards.read(engine.result(), capacity);
        if (refused != Shards.ALL) {
            final long announced = UnsafeApi.getLong(engine.result() + refused * 8L);
            throw new ConfigurationException(
                    announced < 0
                            ? "allGather: rank " + refused + " announced length=" + announced + ", expected 0 to "
                                    + capacity
                            : "allGather: rank " + refused + " has " + announced
                                    + " bytes, with those of the ranks before it more than capacity=" + capacity
                                    + ", gather less or raise the capacity on every rank");
        }
        final long total = shards.totalLength();
        if (total > 0) {
            communicator.run(Operation.ALL_GATHER, total, bytes.of(DataType.BYTE, source), shards);
        }
        try {
            target.take(engine.result(), shards);
        } catch (final RuntimeException | Error e) {
            communicator.abort(e);
            throw e;
        }
    }
}
