package io.signvote.kernel.cuda;

import io.signvote.kernel.cuda.PrimaryContext.Scope;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;
import org.agrona.collections.Long2LongHashMap;

/**
 * Memory and streams that we hold in a context. {@link #close()} releases all of them, and throws the first error. If the context
 * is lost, they are gone with it. Owned by the device's thread.
 */
@SuppressWarnings("try") // a scope acts by being open: no statement names it
final class ContextResources implements AutoCloseable {
    private static final long NONE = 0;

    private final PrimaryContext context;
    private final Allocations allocations = new Allocations();

    /** Our streams, each with the device address of the stamp that it writes. */
    private final Long2LongHashMap streams = new Long2LongHashMap(NONE);

    ContextResources(final PrimaryContext context) {
        this.context = context;
    }

    long allocate(final long length) {
        try (Scope current = context.enter()) {
            return allocations.allocate(length);
        }
    }

    void free(final long address) {
        if (address == 0) {
            return;
        }
        context.release(() -> allocations.free(address));
    }

    long allocatePinned(final long length) {
        try (Scope current = context.enter()) {
            return allocations.allocatePinned(length);
        }
    }

    void freePinned(final long address) {
        if (address == 0) {
            return;
        }
        context.release(() -> allocations.freePinned(address));
    }

    long newStream() {
        try (Scope current = context.enter()) {
            final long stamp = allocations.allocate(Integer.BYTES);
            final CUstream stream = new CUstream();
            Cuda.call(
                    "cuStreamCreate", () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
            streams.put(JcudaPointers.value(stream), stamp);
            return JcudaPointers.value(stream);
        }
    }

    void closeStream(final long stream) {
        final long stamp = streams.remove(stream);
        if (stamp == NONE) {
            return;
        }
        final CUstream ended = JcudaPointers.point(new CUstream(), stream);
        context.release(
                () -> Cuda.release("cuStreamSynchronize", () -> JCudaDriver.cuStreamSynchronize(ended)),
                () -> Cuda.release("cuStreamDestroy", () -> JCudaDriver.cuStreamDestroy(ended)),
                () -> allocations.free(stamp));
    }

    /** Device address of the stamp that a stream of ours writes. */
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
