package io.signvote;

import static io.signvote.Arguments.ensureAddress;
import static io.signvote.Arguments.ensureCount;

import io.signvote.bits.Copies;
import io.signvote.collective.Engine;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;
import io.signvote.wire.Operation;
import org.agrona.UnsafeApi;

/** The calls on memory of the host, by address: each is one round, and a copy of its result. */
final class HostCalls {
    private final Communicator communicator;
    private final Engine engine;
    private final Sources.Signs signs;
    private final Sources.Copy copy = new Sources.Copy();
    private final Call call = new Call();

    HostCalls(final Communicator communicator, final Engine engine, final Sources.Signs signs) {
        this.communicator = communicator;
        this.engine = engine;
        this.signs = signs;
        call.policies(
                communicator.context().zeroPolicy(), communicator.context().tiePolicy());
    }

    /** The next call, of the communicator's policies. */
    Call call(final Operation operation, final DataType type, final long count, final long step, final int root) {
        return call.set(operation, type, count, step, root);
    }

    void allReduce(final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        ensureCount(count);
        ensureAddress("source", source, count);
        ensureAddress("target", target, count);
        final long step = communicator.nextStep();
        if (op == ReduceOp.SUM && type == DataType.FLOAT32) {
            communicator.run(call(Operation.SUM, type, count, 0, 0), copy.of(type, source));
            Copies.copy(engine.result(), target, type.sizeOf(count));
        } else if (op == ReduceOp.MAJORITY && type == DataType.SIGN) {
            communicator.run(call(Operation.MAJORITY, type, count, step, 0), copy.of(type, source));
            Copies.copy(engine.result(), target, type.sizeOf(count));
        } else if (op == ReduceOp.MAJORITY && type == DataType.FLOAT32) {
            communicator.run(call(Operation.MAJORITY, type, count, step, 0), signs.of(source, step));
            signs.unpack(engine.result(), target, count);
        } else {
            throw new ConfigurationException("allReduce(" + op + ", " + type
                    + ") is unknown, expected MAJORITY of SIGN or FLOAT32, or SUM of FLOAT32");
        }
    }

    void broadcast(final long address, final long count, final DataType type, final int root) {
        if (root < 0 || root >= communicator.size()) {
            throw new ConfigurationException("root=" + root + ", expected a rank, 0 to " + (communicator.size() - 1));
        }
        if (type != DataType.SIGN && type != DataType.FLOAT32) {
            throw new ConfigurationException("broadcast(" + type + ") is unknown, expected SIGN or FLOAT32");
        }
        ensureCount(count);
        ensureAddress("address", address, count);
        communicator.run(call(Operation.BROADCAST, type, count, 0, root), copy.of(type, address));
        if (root != communicator.rank()) {
            Copies.copy(engine.result(), address, type.sizeOf(count));
        }
    }

    void barrier(final long word) {
        UnsafeApi.putLong(word, 0);
        communicator.run(call(Operation.BARRIER, DataType.SIGN, 1, 0, 0), copy.of(DataType.SIGN, word));
    }

    /**
     * How many ranks said true: a sum of ones and zeros, exact up to 2^24 ranks.
     *
     * @param question {@link Call#ALL_TRUE} or {@link Call#ANY_TRUE}, so that a rank that asks the other is told.
     */
    float countTrue(final boolean value, final long question, final long word) {
        UnsafeApi.putFloat(word, value ? 1 : 0);
        communicator.run(call(Operation.SUM, DataType.FLOAT32, 1, question, 0), copy.of(DataType.FLOAT32, word));
        return UnsafeApi.getFloat(engine.result());
    }
}
