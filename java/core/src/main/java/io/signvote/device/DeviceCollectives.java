package io.signvote.device;

import io.signvote.Collectives;
import io.signvote.Communicator;
import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import io.signvote.error.ConfigurationException;
import io.signvote.error.DeviceException;
import io.signvote.error.VoteException;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cublas.Cublas;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.CloseHelper;

/**
 * Votes on the memory of a GPU, in the manner of ncclAllReduce. A call takes device pointers and a stream. The result is ready in the
 * order of that stream. Signs are packed and applied on the device; only packed words cross PCIe. Ranks with a device and ranks without may
 * vote together, and the bits are the same.
 *
 * <p>A call returns when the vote is decided and the rest of the work is queued in the caller's stream. It waits for no stream. A call
 * of more coordinates than any before allocates memory, and a driver may wait for an idle device before that. Memory that has become
 * too small is kept until {@link #close()}. If all calls have one size, this memory is 1/4 byte a coordinate on the device, and as much
 * pinned. Otherwise each is at most 1 byte for each coordinate of the largest call. Memory and streams may be a framework's, which
 * shares the device's primary context. A rank uses one device, chosen by its local rank, or by number. Several ranks may share
 * one. The host's part is that of {@link Communicator}: same calls on every rank, same errors. If a device fails, its
 * rank gets a {@link io.signvote.error.DeviceException}, and the others an {@link io.signvote.error.AbortedException}. Used by one
 * thread. Other threads may submit calls to the communicator meanwhile, in the same order on every rank.
 *
 * <p>Each call checks its addresses before it sends: the device reaches them, they are aligned to their elements, and the
 * allocation holds count elements. The check cannot see the borders of tensors that a framework cuts out of one allocation. A
 * call with count 0 moves no data, but waits for the other ranks and compares their calls. Its addresses may be 0.
 */
public final class DeviceCollectives extends Collectives implements AutoCloseable {
    /** CU_STREAM_PER_THREAD of the driver: another stream on each thread. */
    private static final long STREAM_PER_THREAD = 2;

    private final DeviceKernels kernels;
    private final long stretchLengthMin;
    private final Floats floats = new Floats();
    private final PackedSigns signs = new PackedSigns();
    private final Packing packing = new Packing();

    /** Votes that were too small: to free them would wait for the device. Few, since each has at least twice the capacity. */
    private final List<DeviceVote> outgrown = new ArrayList<>();

    private DeviceVote spare;
    private DeviceBlas blas;
    private boolean isClosed;

    DeviceCollectives(final Communicator communicator, final DeviceKernels kernels, final long stretchLengthMin) {
        super(communicator);
        this.kernels = kernels;
        this.stretchLengthMin = stretchLengthMin;
    }

    /**
     * Opens the device of a rank. The ranks of a host take turns over the devices that the process sees and that can run the kernels.
     * A rank's turn is its LOCAL_RANK, or its rank if all ranks are in this process.
     *
     * @param communicator of the rank; not closed by {@link #close()}.
     * @return collectives, to be closed.
     * @throws io.signvote.error.BackendUnavailableException with the first cause, if there is no GPU to use.
     */
    public static DeviceCollectives open(final Communicator communicator) {
        return open(communicator, CudaDriver.deviceOf(localRank(communicator)));
    }

    /**
     * Opens a device.
     *
     * @param communicator of the rank; not closed by {@link #close()}.
     * @param device ordinal, from 0.
     * @return collectives, to be closed.
     * @throws ConfigurationException if there is no such device.
     * @throws io.signvote.error.BackendUnavailableException with the first cause, if there is no GPU to use.
     */
    public static DeviceCollectives open(final Communicator communicator, final int device) {
        CudaDriver.ensureDevice(device);
        return new DeviceCollectives(communicator, CudaDevice.open(device), Stretches.LENGTH_MIN);
    }

    /** {@return the device: memory, streams, copies and the kernels themselves} */
    public DeviceKernels kernels() {
        return kernels;
    }

    /**
     * Linear algebra on the device. Needs cuBLAS.
     *
     * @return linear algebra, which closes with this.
     * @throws io.signvote.error.BackendUnavailableException with the first cause, if cuBLAS cannot be loaded.
     */
    public DeviceBlas blas() {
        if (isClosed) {
            throw new IllegalStateException(
                    "device " + kernels.device() + " is closed, open it again before it is used");
        }
        if (blas == null) {
            blas = Cublas.open(kernels.device());
        }
        return blas;
    }

    /**
     * Majority vote on device memory.
     *
     * @param source contribution on the device: floats of the type, whose signs are voted, or uint64[ceil(count / 64)] of
     *     packed signs.
     * @param target result on the device: float32[count] of -1 and +1, or packed signs for SIGN; may be the source. Untouched
     *     where the vote fails; written in part where the vote was decided and the device failed in using it.
     * @param count coordinates, 0 to {@link Communicator#MAX_COUNT}.
     * @param type of the source: FLOAT32, FLOAT16, BFLOAT16 or SIGN. Ranks may differ in the float that they vote with.
     * @param op MAJORITY.
     * @param stream that the source is ready in, and the target will be; not the default stream of each thread.
     * @throws ConfigurationException for another op, a count out of range, a stream of each thread, or memory that is not the
     *     device's, not aligned or too short. Nothing has happened then, and the device stays usable.
     */
    public void allReduce(
            final long source,
            final long target,
            final long count,
            final DataType type,
            final ReduceOp op,
            final long stream) {
        if (op != ReduceOp.MAJORITY || type == null || type != DataType.SIGN && type.wide() != DataType.FLOAT32) {
            throw new ConfigurationException("allReduce(" + op + ", " + type
                    + ") on a device is unknown, expected MAJORITY of FLOAT32, FLOAT16, BFLOAT16 or SIGN;"
                    + " other operations and types take memory of the host");
        }
        ensureCount(count, Communicator.MAX_COUNT);
        ensureStream(stream);
        ensureReachable("source", source, count, type);
        ensureReachable("target", target, count, type == DataType.SIGN ? type : DataType.FLOAT32);
        final DeviceVote vote = spare(count);
        if (type == DataType.SIGN) {
            run(packing.of(vote, signs.of(source, target), count, stream), type, signs);
        } else {
            run(packing.of(vote, floats.of(source, target, type), count, stream), DataType.FLOAT32, floats);
        }
    }

    /**
     * Allocates memory for votes with ballots of the caller's own, on the device and pinned.
     *
     * @param capacity most coordinates of a vote, 0 to {@link Communicator#MAX_COUNT}.
     * @return memory, to be closed before this is.
     */
    public DeviceVote newVote(final long capacity) {
        ensureCount(capacity, Communicator.MAX_COUNT);
        return new DeviceVote(kernels, capacity, stretchLengthMin);
    }

    /**
     * Majority vote from and to callbacks that queue work on the device. Optimisers use it.
     *
     * @param vote memory of it; nothing else may use it.
     * @param count coordinates, 0 to the vote's capacity.
     * @param ballots called once for each stretch.
     * @param verdict called once for each stretch, if the round succeeds.
     * @param step number that the lots of zeros and ties are drawn for; the same on every rank.
     * @param stream of the caller.
     * @throws ConfigurationException for a count out of range or a stream of each thread; nothing has happened then.
     */
    public void vote(
            final DeviceVote vote,
            final long count,
            final DeviceBallots ballots,
            final DeviceVerdict verdict,
            final long step,
            final long stream) {
        vote(vote, count, ballots, verdict, step, 0, stream);
    }

    /**
     * Majority vote from and to callbacks that also compares options.
     *
     * @param vote memory of it; nothing else may use it.
     * @param count coordinates, 0 to the vote's capacity.
     * @param ballots called once for each stretch.
     * @param verdict called once for each stretch, if the round succeeds.
     * @param step number that the lots of zeros and ties are drawn for; the same on every rank.
     * @param options as in {@link Communicator#vote(io.signvote.collective.BallotSource, io.signvote.collective.VerdictSink,
     *     long, long, long)}.
     * @param stream of the caller.
     * @throws ConfigurationException for a count out of range or a stream of each thread; nothing has happened then.
     */
    public void vote(
            final DeviceVote vote,
            final long count,
            final DeviceBallots ballots,
            final DeviceVerdict verdict,
            final long step,
            final long options,
            final long stream) {
        ensureCount(count, vote.capacity());
        ensureStream(stream);
        vote(vote, count, DataType.FLOAT32, ballots, verdict, step, options, stream);
    }

    /**
     * Votes again with the ballots of a vote that failed, over the communicator that is there now.
     *
     * @param vote that failed.
     * @param verdict called once for each stretch, if the round succeeds.
     * @param step the same.
     * @param options the same.
     * @param stream of the caller.
     * @throws ConfigurationException for a stream of each thread; nothing has happened then.
     * @throws IllegalStateException if the ballots were never packed, or the device failed after it had used part of the verdict. The
     *     other ranks get the error too.
     */
    public void voteAgain(
            final DeviceVote vote,
            final DeviceVerdict verdict,
            final long step,
            final long options,
            final long stream) {
        ensureOpen(vote);
        ensureStream(stream);
        if (!vote.isPacked()) {
            throw refused("the ballots of step=" + step
                    + " were never packed, some momenta may be of the step before: restore a saved state");
        }
        if (vote.isDecided()) {
            throw refused("step=" + step + " was decided, its use failed: restore a saved state");
        }
        run(vote, DataType.FLOAT32, verdict, step, options, stream);
    }

    /**
     * Checks that the memory of a vote was not closed. If it was, the other ranks get the error too.
     *
     * @param vote to be cast again.
     * @throws IllegalStateException where it is closed.
     */
    public void ensureOpen(final DeviceVote vote) {
        try {
            vote.ensureOpen();
        } catch (final IllegalStateException e) {
            abort(e);
            throw e;
        }
    }

    /**
     * The last verdict, which stays until the next is committed. Waits until the device has read it, and so for the caller's
     * stream of that vote. Then the memory may be overwritten by the verdict of another rank. If the device fails, the other
     * ranks get the error too.
     *
     * @param vote that was decided, or failed.
     * @return address in memory of the host, uint64[ceil(count / 64)].
     */
    public long verdict(final DeviceVote vote) {
        try {
            return vote.awaitVerdict();
        } catch (final Throwable e) {
            abort(e);
            throw e;
        }
    }

    /**
     * Applies the words in the memory of the last verdict as the verdict of a vote that failed.
     *
     * @param vote that failed.
     * @param verdict called once for each stretch.
     * @param stream of the caller.
     */
    public void applyVerdict(final DeviceVote vote, final DeviceVerdict verdict, final long stream) {
        ensureStream(stream);
        vote.verdictTo(verdict, stream);
        try {
            final long words = vote.awaitVerdict();
            // all of the ballot has arrived by now, and is not cast any more
            vote.settle();
            vote.commit(words, vote.count());
        } catch (final Throwable e) {
            abort(e);
            throw e;
        }
    }

    /**
     * Checks an address: the device must reach it, it must be aligned to its elements, and count elements must fit its
     * allocation. Queries the driver once. If the query fails, the other ranks get the error too.
     *
     * @param name of the argument, for the error.
     * @param address anything.
     * @param count elements, at least 0; of 0 anything will do.
     * @param type of the elements.
     * @throws ConfigurationException naming the argument, the address, and what it lacks.
     */
    public void ensureReachable(final String name, final long address, final long count, final DataType type) {
        if (count == 0) {
            return;
        }
        final long reach;
        try {
            reach = kernels.reach(address);
        } catch (final DeviceException e) {
            abort(e);
            throw e;
        }
        if (reach == 0) {
            throw new ConfigurationException(argument(name, address) + " is no memory of device " + kernels.device()
                    + ", take a pointer of its primary context");
        }
        final long alignment = type.sizeOf(1);
        if (address % alignment != 0) {
            throw new ConfigurationException(argument(name, address) + " is not a multiple of " + alignment
                    + ", the alignment of " + type + ", take a pointer to whole elements");
        }
        if (reach < type.sizeOf(count)) {
            throw new ConfigurationException(argument(name, address) + " has " + reach
                    + " bytes before the end of its allocation, " + type + " count=" + count + " needs "
                    + type.sizeOf(count));
        }
    }

    /**
     * Checks a stream. A call may pack its signs on one thread and apply its verdict on another. So the per-thread default stream
     * would be two streams.
     *
     * @param stream handle of the driver.
     * @throws ConfigurationException for CU_STREAM_PER_THREAD.
     */
    public void ensureStream(final long stream) {
        if (stream == STREAM_PER_THREAD) {
            throw new ConfigurationException(
                    "stream=2 is CU_STREAM_PER_THREAD, and a call may use another thread: create"
                            + " a stream, or take 0, the default stream of all threads");
        }
    }

    private static void ensureCount(final long count, final long most) {
        if (count < 0 || count > most) {
            throw new ConfigurationException("count=" + count + ", expected 0 to " + most);
        }
    }

    private static String argument(final String name, final long address) {
        return name + "=0x" + Long.toHexString(address);
    }

    /**
     * Frees all memory and streams on the device, and closes the device. Waits for the queued work of all calls, and for earlier work
     * of the caller's streams. Calling it again does nothing.
     */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            final List<AutoCloseable> ends = new ArrayList<>(outgrown);
            Collections.addAll(ends, spare, blas, kernels);
            CloseHelper.closeAll(ends);
        }
    }

    /** The others vote already, and would wait for us. */
    private IllegalStateException refused(final String fact) {
        final IllegalStateException error = new IllegalStateException(fact);
        abort(error);
        return error;
    }

    private void vote(
            final DeviceVote vote,
            final long count,
            final DataType type,
            final DeviceBallots ballots,
            final DeviceVerdict verdict,
            final long step,
            final long options,
            final long stream) {
        try {
            vote.pack(ballots, count, stream);
        } catch (final Throwable e) {
            abort(e);
            throw e;
        }
        run(vote, type, verdict, step, options, stream);
    }

    private void run(
            final DeviceVote vote,
            final DataType type,
            final DeviceVerdict verdict,
            final long step,
            final long options,
            final long stream) {
        vote.verdictTo(verdict, stream);
        try {
            vote(type, vote.source(), vote, vote.count(), step, options);
        } catch (final Throwable e) {
            settle(vote, e);
            throw e;
        }
    }

    /** Votes with the number of the call as the step. Packs the ballots after the round has begun. */
    private void run(final Packing packing, final DataType type, final DeviceVerdict verdict) {
        packing.vote.verdictTo(verdict, packing.stream);
        try {
            vote(type, packing.vote.source(), packing.vote, packing.count, packing);
        } catch (final Throwable e) {
            settle(packing.vote, e);
            throw e;
        }
    }

    private void settle(final DeviceVote vote, final Throwable error) {
        // also after an error of the commit, which does not fail the round
        abort(error);
        try {
            vote.settle();
        } catch (final RuntimeException refused) {
            error.addSuppressed(refused);
        }
    }

    private DeviceVote spare(final long count) {
        if (spare == null) {
            spare = newSpare(count);
        } else if (spare.capacity() < count) {
            final DeviceVote large = newSpare(Math.min(Communicator.MAX_COUNT, Math.max(count, 2 * spare.capacity())));
            outgrown.add(spare);
            spare = large;
        }
        return spare;
    }

    private DeviceVote newSpare(final long capacity) {
        try {
            return newVote(capacity);
        } catch (final DeviceException e) {
            abort(e);
            throw e;
        }
    }

    /** Packs the ballots of a vote whose step is the number of the call, after its round has begun. */
    private final class Packing implements LongConsumer {
        private DeviceVote vote;
        private DeviceBallots ballots;
        private long count;
        private long stream;

        Packing of(final DeviceVote vote, final DeviceBallots ballots, final long count, final long stream) {
            this.vote = vote;
            this.ballots = ballots;
            this.count = count;
            this.stream = stream;
            return this;
        }

        @Override
        public void accept(final long step) {
            floats.step(step);
            vote.pack(ballots, count, stream);
        }
    }

    /** Ballots from the signs of floats, and the verdict as floats of -1 and +1. */
    private final class Floats implements DeviceBallots, DeviceVerdict {
        private long source;
        private long target;
        private DataType type;
        private long zeroKey;

        Floats of(final long source, final long target, final DataType type) {
            this.source = source;
            this.target = target;
            this.type = type;
            return this;
        }

        void step(final long step) {
            zeroKey = Lot.key(
                    communicator().context().seed(),
                    communicator().number(),
                    step,
                    communicator().rank());
        }

        @Override
        public void pack(final long coordinate, final long n, final long words, final long counts, final long stream) {
            kernels.packSigns(
                    source + type.sizeOf(coordinate),
                    type,
                    words,
                    n,
                    communicator().context().zeroPolicy(),
                    zeroKey,
                    coordinate / Words.LANES,
                    counts,
                    stream);
        }

        @Override
        public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
            communicator().census().add(zeros, notFinite);
            if (notFinite > 0 && communicator().context().strict()) {
                throw new VoteException("coordinates [" + coordinate + ", " + (coordinate + n) + ") hold " + notFinite
                        + " values that are not finite; signvote.strict=false votes them as zeros");
            }
        }

        @Override
        public void commit(final long coordinate, final long n, final long words, final long stream) {
            kernels.unpackSigns(words, target + (coordinate << 2), n, stream);
        }
    }

    /** Packed words as they are. */
    private final class PackedSigns implements DeviceBallots, DeviceVerdict {
        private long source;
        private long target;

        PackedSigns of(final long source, final long target) {
            this.source = source;
            this.target = target;
            return this;
        }

        @Override
        public void pack(final long coordinate, final long n, final long words, final long counts, final long stream) {
            kernels.copy(source + (coordinate >>> 3), words, Words.length(n), stream);
        }

        @Override
        public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
            // there are none
        }

        @Override
        public void commit(final long coordinate, final long n, final long words, final long stream) {
            kernels.copy(words, target + (coordinate >>> 3), Words.length(n), stream);
        }
    }
}
