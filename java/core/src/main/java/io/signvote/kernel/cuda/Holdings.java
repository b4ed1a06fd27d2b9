package io.signvote.kernel.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;
import org.agrona.collections.Long2LongHashMap;

/**
 * What we hold in a context: memory and streams. All of it is given back in the end, whatever fails; the first error is
 * thrown. What was lost with the context is gone. Owned by the device's thread.
 */
final class Holdings implements AutoCloseable {
    private static final long NONE = 0;

    private final PrimaryContext context;
    private final Allocations allocations = new Allocations();

    /** Our streams, each with the device address of the stamp that it signals. */
    private final Long2LongHashMap streams = new Long2LongHashMap(NONE);

    Holdings(final PrimaryContext context) {
        this.context = context;
    }

    long allocate(final long length) {
        context.enter();
        try {
            return allocations.allocate(length);
        } finally {
            context.leave();
        }
    }

    void free(final long address) {
        if (address == 0) {
            return;
        }
        context.release(() -> allocations.free(address));
    }

    long allocatePinned(final long length) {
        context.enter();
        try {
            return allocations.allocatePinned(length);
        } finally {
            context.leave();
        }
    }

    void freePinned(final long address) {
        if (address == 0) {
            return;
        }
        context.release(() -> allocations.freePinned(address));
    }

    long newStream() {
        context.enter();
        try {
            final long stamp = allocations.allocate(Integer.BYTES);
            final CUstream stream = new CUstream();
            Cuda.call(
                    "cuStreamCreate", () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
            streams.put(Raw.value(stream), stamp);
            return Raw.value(stream);
        } finally {
            context.leave();
        }
    }

    void closeStream(final long stream) {
        final long stamp = streams.remove(stream);
        if (stamp == NONE) {
            return;
        }
        final CUstream ended = Raw.point(new CUstream(), stream);
        context.release(
                () -> Cuda.release("cuStreamSynchronize", () -> JCudaDriver.cuStreamSynchronize(ended)),
                () -> Cuda.release("cuStreamDestroy", () -> JCudaDriver.cuStreamDestroy(ended)),
                () -> allocations.free(stamp));
    }

    /** Device address of the stamp that a stream of ours signals. */
    long stampOf(final long stream) {
        final long stamp = streams.get(stream);
        assert stamp != NONE : "not a stream of ours";
        return stamp;
    }

    @Override
    public void close() {
        context.release(this::closeStreams, this::freeAll);
    }

    private void closeStreams() {
        final List<AutoCloseable> ends = new ArrayList<>();
        streams.forEachLong((stream, stamp) -> ends.add(() -> closeStream(stream)));
        CloseHelper.closeAll(ends);
    }

    private void freeAll() {
        CloseHelper.closeAll(allocations.ends());
    }
}
