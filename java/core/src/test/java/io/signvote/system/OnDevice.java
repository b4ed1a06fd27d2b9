package io.signvote.system;

import io.signvote.Communicator;
import io.signvote.device.DeviceCollectives;
import io.signvote.error.VoteException;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.CloseHelper;

/** Votes of a rank by its device, from arrays and to arrays. */
final class OnDevice implements AutoCloseable {
    private final DeviceCollectives device;
    private final DeviceArrays arrays;
    private final long stream;

    OnDevice(final Communicator communicator) {
        device = DeviceCollectives.open(communicator);
        arrays = new DeviceArrays(device.kernels());
        stream = device.kernels().newStream();
    }

    String name() {
        return device.kernels().deviceName();
    }

    /** What stands in the target afterwards is what stands in its likeness on the device, also where the vote fails. */
    void majority(final float[] source, final float[] target) {
        final long from = arrays.of(source);
        final long to = arrays.of(target);
        try {
            device.allReduce(from, to, source.length, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
        } finally {
            try {
                device.kernels().await(stream);
                System.arraycopy(arrays.floats(to, target.length), 0, target, 0, target.length);
            } catch (final VoteException e) {
                System.err.println("what is on the device cannot be looked at: " + e.getMessage());
            }
            device.kernels().free(from);
            device.kernels().free(to);
        }
    }

    void vote(final long[] source, final long[] target, final int count) {
        final long words = arrays.of(source);
        device.allReduce(words, words, count, DataType.SIGN, ReduceOp.MAJORITY, stream);
        device.kernels().await(stream);
        System.arraycopy(arrays.words(words, target.length), 0, target, 0, target.length);
        device.kernels().free(words);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(arrays, device);
    }
}
