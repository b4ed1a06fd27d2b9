package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.device.DeviceBallots;
import io.signvote.device.DeviceCollectives;
import io.signvote.device.DeviceVerdict;
import io.signvote.device.DeviceVote;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.agrona.CloseHelper;

/**
 * {@link Signum} on a GPU. Momentum, gradients and parameters stay in its memory. The results have the same bits as
 * those of {@link Signum} for the same gradients. A job may have ranks of both kinds.
 *
 * <p>A step returns when its vote is decided. The update of the parameters is queued in the caller's stream. If the
 * vote of a step fails, the parameters are untouched and the momentum is advanced. {@link #retry} then votes with the
 * same ballots over a new communicator. If the device itself fails, its contents are lost: restore a saved state. Used
 * by one thread, as {@link io.signvote.device.DeviceCollectives}.
 */
public final class DeviceSignum extends SignOptimizer<DeviceSignum> {
    private static final int BLOCK_LENGTH = 1 << 20;

    private final DeviceCollectives device;
    private final DeviceVote vote;
    private final Advancing advancing = new Advancing();
    private final DeviceVerdict applying = new Applying();
    private long momentum;
    private long gradients;
    private DataType type;
    private long parameters;
    private long stream;

    /**
     * Makes an optimiser with the paper's defaults: eta 1e-4, beta 0.9, lambda 0. Allocates 4 count bytes on the device
     * for the momentum. For the votes it allocates count / 4 bytes on the device, and the same in pinned memory, which
     * also keeps the last verdict.
     *
     * @param device for the votes. {@link #close()} does not close it. Close it after this optimiser.
     * @param count parameters, 0 to {@link Communicator#MAX_COUNT}.
     */
    public DeviceSignum(final DeviceCollectives device, final long count) {
        super(count);
        this.device = device;
        vote = device.newVote(count);
        long stream = 0;
        try {
            // allocate also for a count of 0: an address of 0 means that this optimiser is closed
            momentum = device.kernels().allocate(Math.max(Float.BYTES, count << 2));
            stream = device.kernels().newStream();
            device.kernels().clear(momentum, Math.max(Float.BYTES, count << 2), stream);
            device.kernels().await(stream);
        } catch (final RuntimeException | Error e) {
            CloseHelper.quietClose(this);
            throw e;
        } finally {
            device.kernels().closeStream(stream);
        }
    }

    /**
     * Votes and steps.
     *
     * @param gradients device address of g, count elements of the type; read until the vote is decided.
     * @param type of the gradients: FLOAT32, FLOAT16 or BFLOAT16, widened exactly.
     * @param parameters device address of x, float32[count]; stepped by the verdict, or untouched on failure.
     * @param stream in which the gradients and parameters are ready, and in which the update is queued.
     * @throws ConfigurationException if memory is not the device's, not aligned or too short, or if the stream is
     *     CU_STREAM_PER_THREAD. The step was not begun then.
     * @throws VoteException as any call of the communicator. Then {@link #retry} may follow, unless the device failed
     *     while it applied the verdict. In that case some parameters are stepped: restore a saved state.
     */
    public void step(final long gradients, final DataType type, final long parameters, final long stream) {
        ensureOpen();
        ensureComplete("over a new communicator first");
        if (type == null || type.wide() != DataType.FLOAT32) {
            throw new ConfigurationException("gradients of " + type + ", expected FLOAT32, FLOAT16 or BFLOAT16");
        }
        device.ensureStream(stream);
        device.ensureReachable("gradients", gradients, count, type);
        device.ensureReachable("parameters", parameters, count, DataType.FLOAT32);
        this.gradients = gradients;
        this.type = type;
        this.parameters = parameters;
        this.stream = stream;
        run();
    }

    /**
     * Brings this rank to the step of the others after a failure, over another communicator. Later calls on the device
     * use that communicator too. Every rank of it must call this, as {@link SignOptimizer} says. A pending step is
     * voted on again with the same ballots, or completed by the verdict of a rank that has completed it. In the latter
     * case this waits for the streams of earlier steps. This process should keep its rank, since its zeros have the
     * lots of that rank.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters device address of x, float32[count].
     * @param stream in which the parameters are ready, and in which the update is queued.
     * @throws io.signvote.error.ProtocolException if the ranks cannot go on together, or if a step is lost. A step is lost if its
     *     ballots were never packed, or if its verdict was not applied. The communicator stays usable. Restore a saved state.
     * @throws VoteException as any call of the communicator. Then {@code retry} over another one may follow.
     */
    public void retry(final Communicator communicator, final long parameters, final long stream) {
        // change the communicator first, so that an error reaches the ranks that vote again
        device.moveTo(communicator);
        device.ensureOpen(vote);
        device.ensureStream(stream);
        device.ensureReachable("parameters", parameters, count, DataType.FLOAT32);
        this.parameters = parameters;
        this.stream = stream;
        retry();
    }

    /** Frees the momentum and the memory of the votes. Waits for all work of steps, also in the caller's streams. */
    @Override
    public void close() {
        final long freed = momentum;
        momentum = 0;
        CloseHelper.closeAll(vote, () -> device.kernels().free(freed));
    }

    @Override
    Communicator communicator() {
        return device.communicator();
    }

    @Override
    void ensureOpen() {
        if (momentum == 0) {
            throw new IllegalStateException("the optimiser is closed, make another one and restore a saved state");
        }
    }

    @Override
    void vote() {
        device.vote(vote, count, advancing, applying, steps(), options(), stream);
    }

    @Override
    void voteAgain() {
        device.voteAgain(vote, applying, steps(), options(), stream);
    }

    /** The device advances the momenta that were queued. */
    @Override
    boolean advanceTheRest() {
        return vote.isPacked();
    }

    @Override
    long verdict() {
        return device.verdict(vote);
    }

    @Override
    void applyVerdict() {
        device.applyVerdict(vote, applying, stream);
    }

    @Override
    void write(final OutputStream target, final long step) throws IOException {
        try (OffHeap copy = OffHeap.uncleared(count << 2)) {
            carry(copy.address(), false);
            SignumState.write(target, copy, count, step);
        }
    }

    /** Reads after all work of steps is done, also the work of a failed step. */
    @Override
    long read(final InputStream source) throws IOException {
        try (OffHeap copy = OffHeap.uncleared(count << 2)) {
            final long step = SignumState.read(source, copy, count);
            carry(copy.address(), true);
            return step;
        }
    }

    /**
     * Copies the momentum to or from memory of the host, through pinned memory, after all work of steps on it. A failed
     * step has not waited for its work, and may still advance the momentum in the caller's stream. Control plane.
     */
    private void carry(final long host, final boolean isUp) {
        final long pinned = device.kernels().allocatePinned(BLOCK_LENGTH);
        final long stream = device.kernels().newStream();
        try {
            vote.follow(stream);
            for (long done = 0; done < count << 2; done += BLOCK_LENGTH) {
                final long length = Math.min(BLOCK_LENGTH, (count << 2) - done);
                if (isUp) {
                    Copies.copy(host + done, pinned, length);
                    device.kernels().upload(pinned, momentum + done, length, stream);
                    device.kernels().await(stream);
                } else {
                    device.kernels().download(momentum + done, pinned, length, stream);
                    device.kernels().await(stream);
                    Copies.copy(pinned, host + done, length);
                }
            }
        } finally {
            device.kernels().closeStream(stream);
            device.kernels().freePinned(pinned);
        }
    }

    private final class Advancing implements DeviceBallots {
        @Override
        public void pack(final long coordinate, final long n, final long words, final long counts, final long stream) {
            device.kernels()
                    .momentumPackSigns(
                            gradients + type.sizeOf(coordinate),
                            type,
                            momentum + (coordinate << 2),
                            words,
                            n,
                            rates().beta(),
                            rates().oneMinusBeta(),
                            zeroPolicy(),
                            zeroKey(),
                            coordinate / Words.LANES,
                            counts,
                            stream);
        }

        @Override
        public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
            DeviceSignum.this.onPacked(zeros, notFinite);
            ensureFinite(coordinate, n, notFinite);
        }

        @Override
        public String describeOptions(final long options) {
            return DeviceSignum.this.describeOptions(options);
        }
    }

    private final class Applying implements DeviceVerdict {
        @Override
        public void onDecided() {
            use();
        }

        @Override
        public void commit(final long coordinate, final long n, final long words, final long stream) {
            // for a rate of 0 every bit stays, as on the host
            if (rates().eta() != 0) {
                device.kernels()
                        .applySigns(words, parameters + (coordinate << 2), n, rates().eta(), rates().lambda(), stream);
            }
        }

        @Override
        public void onCommitted() {
            complete();
        }
    }
}
