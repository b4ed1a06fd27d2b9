package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.DeviceBallots;
import io.signvote.DeviceCollectives;
import io.signvote.DeviceVerdict;
import io.signvote.DeviceVote;
import io.signvote.bits.Copies;
import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.agrona.CloseHelper;

/**
 * {@link Signum} on a GPU: momentum, gradients and parameters stay in its memory, and the bits are those that {@link Signum} gives
 * for the same gradients. A job may have ranks of both kinds.
 *
 * <p>A step returns when its vote is decided; parameters are stepped in the order of the caller's stream. A step whose vote fails
 * leaves the parameters untouched and the momentum advanced, and {@link #retry} votes with the same ballots over a new
 * communicator. Where the device itself fails, what was on it is lost, and a saved state is the way back. Used by the thread of
 * its communicator.
 */
public final class DeviceSignum implements AutoCloseable {
    private static final int BLOCK_LENGTH = 1 << 20;

    private final DeviceCollectives device;
    private final long count;
    private final DeviceVote vote;
    private final Rates rates = new Rates();
    private final Advancing advancing = new Advancing();
    private final DeviceVerdict applying = this::apply;
    private long momentum;
    private long gradients;
    private DataType type;
    private long parameters;
    private long zeroKey;
    private long step;
    private boolean isPending;
    private long zeroCount;
    private long notFiniteCount;

    /**
     * An optimiser with the paper's defaults: eta 1e-4, beta 0.9, lambda 0. Takes 4 count bytes on the device for the momentum, and
     * for the votes count / 4 there and as many in pinned memory.
     *
     * @param device that votes; not closed by {@link #close()}, but after it.
     * @param count parameters, 0 to {@link Communicator#MAX_COUNT}.
     */
    public DeviceSignum(final DeviceCollectives device, final long count) {
        this.device = device;
        this.count = count;
        vote = device.newVote(count);
        long stream = 0;
        try {
            // of nothing it is something all the same: an address of 0 says that this is closed
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
     * Sets the learning rate of the steps to come. A step at 0 votes and advances the momentum, and leaves every bit of the
     * parameters.
     *
     * @param eta at least 0, finite.
     * @return this.
     */
    public DeviceSignum learningRate(final float eta) {
        rates.eta(eta);
        return this;
    }

    /**
     * Sets the momentum of the steps to come; 0 is signSGD.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public DeviceSignum momentum(final float beta) {
        rates.beta(beta);
        return this;
    }

    /**
     * Sets the weight decay of the steps to come.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public DeviceSignum weightDecay(final float lambda) {
        rates.lambda(lambda);
        return this;
    }

    /** {@return steps that were begun, on this optimiser and those it was restored from} */
    public long steps() {
        return step;
    }

    /** {@return momenta that were zero and voted by the policy, so far} */
    public long zeroCount() {
        return zeroCount;
    }

    /** {@return gradients that were not finite, left their momentum alone and voted as zeros, so far} */
    public long notFiniteCount() {
        return notFiniteCount;
    }

    /**
     * Votes and steps.
     *
     * @param gradients device address of g, count of the type; read until the vote is decided.
     * @param type of the gradients: FLOAT32, FLOAT16 or BFLOAT16, widened exactly.
     * @param parameters device address of x, float32[count]; stepped by the verdict, or untouched on failure.
     * @param stream that the gradients and parameters are ready in, and the stepped parameters will be.
     * @throws ConfigurationException for memory that is not the device's, not aligned or too short; nothing has happened then.
     * @throws VoteException as any call of the communicator; then {@link #retry} may follow, but not where the vote was decided
     *     and the device failed in using it: some parameters are stepped then, and a saved state is the way back.
     */
    public void step(final long gradients, final DataType type, final long parameters, final long stream) {
        ensureOpen();
        if (isPending) {
            throw new IllegalStateException("step=" + step + " has failed, retry it over a new communicator first");
        }
        if (type == null || type == DataType.SIGN || type == DataType.BYTE) {
            throw new ConfigurationException("gradients of " + type + ", expected FLOAT32, FLOAT16 or BFLOAT16");
        }
        device.ensureReachable("gradients", gradients, count, type);
        device.ensureReachable("parameters", parameters, count, DataType.FLOAT32);
        step++;
        isPending = true;
        this.gradients = gradients;
        this.type = type;
        this.parameters = parameters;
        final Communicator communicator = device.communicator();
        zeroKey = Lot.key(communicator.context().seed(), Communicator.WORLD, step, communicator.rank());
        device.vote(vote, count, advancing, applying, step, stream);
        isPending = false;
    }

    /**
     * Votes again on the step that failed, with the same ballots, over another communicator, which later calls on the device use
     * too. The rank should be the one it was: its zeros have drawn their lots.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters device address of x, float32[count].
     * @param stream that the parameters are ready in, and the stepped ones will be.
     * @throws IllegalStateException where there is nothing to retry, where the ballots were never packed, and where the step
     *     was decided and its use failed; in the last two a saved state is the way back.
     */
    public void retry(final Communicator communicator, final long parameters, final long stream) {
        if (!isPending) {
            throw new IllegalStateException("step=" + step + " has not failed, there is nothing to retry");
        }
        // first, so that an error reaches those who vote again
        device.moveTo(communicator);
        device.ensureReachable("parameters", parameters, count, DataType.FLOAT32);
        this.parameters = parameters;
        device.voteAgain(vote, applying, step, 0, stream);
        isPending = false;
    }

    /**
     * Writes momentum and step in the form that {@link Signum#save} writes: either can restore the other's.
     *
     * @param target not closed.
     * @throws IOException as the stream does.
     */
    public void save(final OutputStream target) throws IOException {
        ensureOpen();
        if (isPending) {
            throw new IllegalStateException("step=" + step + " has failed, retry it before saving");
        }
        try (OffHeap copy = OffHeap.uncleared(count << 2)) {
            carry(copy.address(), false);
            SignumState.write(target, copy, count, step);
        }
    }

    /**
     * Takes over what {@link #save} or {@link Signum#save} wrote, once all is done that steps have asked for, also one that failed;
     * it waits for that. Where the state cannot be read, momentum and step are as they were.
     *
     * @param source not closed.
     * @throws IOException as the stream does, and where the state is cut short or broken.
     * @throws ConfigurationException where it is of another number of parameters.
     */
    public void restore(final InputStream source) throws IOException {
        ensureOpen();
        try (OffHeap copy = OffHeap.uncleared(count << 2)) {
            final long restored = SignumState.read(source, copy, count);
            carry(copy.address(), true);
            step = restored;
            isPending = false;
        }
    }

    /**
     * Frees the momentum and the memory of the votes. Waits for all that steps have asked for, also in the caller's streams.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        final long freed = momentum;
        momentum = 0;
        CloseHelper.closeAll(vote, () -> device.kernels().free(freed));
    }

    private void ensureOpen() {
        if (momentum == 0) {
            throw new IllegalStateException("the optimiser is closed, take another");
        }
    }

    /**
     * Copies the momentum to or from memory of the host, through pinned memory, after all that steps do with it: one that failed
     * waited for nothing, and may still be advancing it in the caller's stream. Control plane.
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

    private void apply(final long coordinate, final long n, final long words, final long stream) {
        // at 0 as on the host: every bit stays
        if (rates.eta() != 0) {
            device.kernels().applySigns(words, parameters + (coordinate << 2), n, rates.eta(), rates.lambda(), stream);
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
                            rates.beta(),
                            rates.oneMinusBeta(),
                            zeroPolicy(),
                            zeroKey,
                            coordinate / Words.LANES,
                            counts,
                            stream);
        }

        @Override
        public void onPacked(final long coordinate, final long n, final long zeros, final long notFinite) {
            zeroCount += zeros;
            notFiniteCount += notFinite;
            device.communicator().census().add(zeros, notFinite);
            if (notFinite > 0 && device.communicator().context().strict()) {
                throw new VoteException("step=" + step + ": gradients [" + coordinate + ", " + (coordinate + n)
                        + ") hold " + notFinite
                        + " values that are not finite; signvote.strict=false votes them as zeros");
            }
        }

        private ZeroPolicy zeroPolicy() {
            return device.communicator().context().zeroPolicy();
        }
    }
}
