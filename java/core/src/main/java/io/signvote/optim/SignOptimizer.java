package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.bits.Hash;
import io.signvote.bits.Lot;
import io.signvote.collective.Failures;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import io.signvote.optim.Progress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The common base of {@link Signum} and {@link DeviceSignum}: rates, the count of steps, counters, saved states, and the retry.
 *
 * <p>Every rank must step with the same rates and the same layout. Each step compares them. If they differ, every rank gets a
 * {@link io.signvote.error.ProtocolException} with its own numbers, and the step is pending. {@code retry} refuses a step that the
 * ranks began with different rates: set the same rates and restore a saved state.
 *
 * <p>A step that fails leaves the parameters untouched, and the momentum advanced. It is pending then. Ranks may be one step
 * apart after a failure: some have completed the step that is pending on others. {@code retry} over a new communicator brings
 * them together:
 *
 * <ol>
 *   <li>Every rank of the new communicator calls {@code retry}, also a rank without a pending step, and one that is new.
 *   <li>The ranks compare: count, layout, steps completed, step pending, verdict kept, rates. The last step that any rank
 *       completed is k.
 *   <li>If k is pending on a rank, the lowest rank that keeps the verdict of k broadcasts it. The ranks that lack it apply it.
 *       No rank continues until all of them have applied it.
 *   <li>A rank whose pending step is k + 1 votes on it again. The others return, and take part in that vote in their step k + 1.
 * </ol>
 *
 * <p>If no rank has a pending step, {@code retry} only changes the communicator. A failure between two steps leads to
 * this case. The next step is then {@link #steps()} + 1.
 *
 * <p>A rank that restored the state of step k takes part. It cannot send the verdict of k, since a saved state holds none. The
 * ranks cannot go on together in these cases:
 *
 * <ul>
 *   <li>A rank completed less than k - 1 steps, or k - 1 steps without having begun k. Its momentum lacks gradients. Such a rank
 *       was restored from an older state, or is new.
 *   <li>No rank keeps the verdict of k, and a rank lacks it.
 *   <li>Ranks completed one step in different groups. Their parameters may differ.
 * </ul>
 *
 * <p>Then every rank gets the same {@link io.signvote.error.ProtocolException}, which names the ranks and their steps. Nothing
 * has changed, and the communicator stays usable. Restore one saved state on every rank and step again.
 *
 * <p>If a rank fails to apply the verdict of another rank, it gets its own error and has lost the step. Every other rank gets an
 * {@link io.signvote.error.AbortedException} that names this rank. The others can connect again without it.
 *
 * <p>A {@code retry} that fails can be called again over another communicator. No rank applies a verdict twice.
 *
 * @param <T> the optimiser itself.
 */
public abstract sealed class SignOptimizer<T extends SignOptimizer<T>> implements AutoCloseable
        permits Signum, DeviceSignum {
    /** Parameters. */
    final long count;

    private final Rates next = new Rates();
    private final Progress progress = new Progress();
    private long layout;
    private long zeroKey;
    private long zeroCount;
    private long notFiniteCount;
    private volatile boolean isOpen;

    SignOptimizer(final long count) {
        if (count < 0 || count > Communicator.MAX_COUNT) {
            throw new ConfigurationException("count=" + count + ", expected 0 to " + Communicator.MAX_COUNT);
        }
        this.count = count;
    }

    /**
     * Sets the learning rate of the steps to come, the same on every rank. A step at 0 votes and advances the momentum, and
     * changes no bit of the parameters.
     *
     * @param eta at least 0, finite.
     * @return this.
     */
    public T learningRate(final float eta) {
        next.eta(eta);
        return self();
    }

    /**
     * Sets the momentum of the steps to come, the same on every rank. 0 is signSGD.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public T momentum(final float beta) {
        next.beta(beta);
        return self();
    }

    /**
     * Sets the weight decay of the steps to come, the same on every rank.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public T weightDecay(final float lambda) {
        next.lambda(lambda);
        return self();
    }

    /**
     * Sets a number that identifies the order of the parameters, for example a hash of the names and shapes of all
     * tensors. Every step and every retry compares the numbers of the ranks. If they differ, every rank gets an error.
     *
     * @param layout any number; 0 by default.
     * @return this.
     */
    public T layout(final long layout) {
        this.layout = layout;
        return self();
    }

    /** {@return number of steps that were begun, including the steps of a restored state} */
    public long steps() {
        return progress.step();
    }

    /** {@return whether the last step has failed and is not complete; {@code retry} may follow} */
    public boolean isPending() {
        return !isOpen && progress.phase() != Phase.COMPLETE;
    }

    /** {@return number of momenta so far that were zero; the zero policy chose their votes} */
    public long zeroCount() {
        return zeroCount;
    }

    /**
     * {@return number of coordinates so far whose gradient or momentum was not finite; each voted as a zero} A gradient
     * that is not finite does not change its momentum.
     */
    public long notFiniteCount() {
        return notFiniteCount;
    }

    /**
     * Writes momentum and step, little-endian, with a checksum. {@link Signum} and {@link DeviceSignum} can restore
     * each other's states. Rates are not written.
     *
     * @param target not closed.
     * @throws IOException as the stream does.
     * @throws IllegalStateException while a failed step waits for {@code retry}.
     */
    public final void save(final OutputStream target) throws IOException {
        ensureOpen();
        ensureComplete("before saving");
        write(target, progress.step());
    }

    /**
     * Restores a state that {@link #save} wrote. If this fails, momentum and step are as they were. A state contains no
     * verdict. So this rank can send none in a {@code retry} until it has completed a step.
     *
     * @param source not closed.
     * @throws IOException as the stream does, and if the state is cut short or broken.
     * @throws ConfigurationException if the state has another number of parameters.
     */
    public final void restore(final InputStream source) throws IOException {
        ensureOpen();
        ensureDone();
        progress.restore(read(source));
    }

    /** Frees all memory of the optimiser. Calling it again does nothing. */
    @Override
    public abstract void close();

    // A step is begin(), the vote, then use() and complete() inside the commit. If the vote fails, it ends with
    // abandon().

    /** Begins a step and votes. The caller has checked the arguments. */
    final void run() {
        begin();
        try {
            vote();
        } catch (final ProtocolException e) {
            abandon(e);
            throw explained(e);
        } catch (final Throwable e) {
            abandon(e);
            throw e;
        }
    }

    final void begin() {
        progress.begin(next);
        drawLots();
    }

    /** Makes the step pending if all momenta can take their gradients. Otherwise the step is lost. */
    final void abandon(final Throwable error) {
        if (communicator().failure() == null && progress.phase() == Phase.BEGUN) {
            // the call was refused before it was submitted: no momentum has changed
            progress.undo();
            return;
        }
        try {
            if (progress.phase() == Phase.BEGUN && advanceTheRest()) {
                progress.pend();
            }
        } catch (final RuntimeException | Error e) {
            error.addSuppressed(e);
        }
    }

    /** Call it before a parameter or a word of the kept verdict is written. */
    final void use() {
        progress.use();
    }

    /** Completes the step, after the last parameter was written or its update was queued on the device. */
    final void complete() {
        progress.complete();
    }

    /** Takes part in a retry. The caller has checked the arguments and set the new communicator. */
    final void retry() {
        final Agreement agreement = Retry.compare(communicator(), count, layout, progress);
        progress.agree(agreement.number(), agreement.ofLast(progress.completed()));
        if (agreement.holder() != Agreement.NOBODY) {
            receive(agreement);
        }
        if (progress.phase() == Phase.PENDING) {
            drawLots();
            try {
                voteAgain();
            } catch (final ProtocolException e) {
                throw explained(e);
            }
        }
    }

    /**
     * Appends the values of this rank to a mismatch that names its options by their hash. Does nothing if the engine has already
     * appended them.
     */
    final ProtocolException explained(final ProtocolException error) {
        final String message = Failures.explainOptions(error.getMessage(), options(), describeOptions(options()));
        if (message.equals(error.getMessage())) {
            return error;
        }
        final ProtocolException explained = new ProtocolException(message, error.ranks());
        explained.initCause(error);
        return explained;
    }

    /** The values of this rank, if they have this hash. A failure of the last step may come when the next has set its rates. */
    final String describeOptions(final long options) {
        return options == options() ? rates() + " layout=" + layout : "";
    }

    private void receive(final Agreement agreement) {
        final boolean isBehind = progress.completed() < agreement.completed();
        if (isBehind) {
            progress.dropVerdict();
        }
        communicator().broadcast(verdict(), count, DataType.SIGN, agreement.holder());
        if (isBehind) {
            progress.follow(agreement.ofLast());
            applyServed();
        }
        // if one rank cannot apply the verdict, the retry fails on every rank
        communicator().barrier();
    }

    private void applyServed() {
        try {
            applyVerdict();
        } catch (final Throwable e) {
            final int rank = communicator().rank();
            communicator()
                    .abort("retry: rank " + rank + " failed while it applied the verdict of step=" + steps() + ": "
                            + (e.getMessage() == null ? e : e.getMessage()) + "; connect again without rank " + rank
                            + ", or " + Agreement.RESTORE);
            throw e;
        }
    }

    /** Counts zeros and values that are not finite in packed ballots. */
    final void onPacked(final long zeros, final long notFinite) {
        zeroCount += zeros;
        notFiniteCount += notFinite;
        communicator().census().add(zeros, notFinite);
    }

    /** Throws if a strict rank has values that are not finite, which ends the round. */
    final void ensureFinite(final long coordinate, final long n, final long notFinite) {
        if (notFinite > 0 && communicator().context().strict()) {
            throw new VoteException("step=" + steps() + ": gradients [" + coordinate + ", " + (coordinate + n)
                    + ") hold " + notFinite
                    + " values that are not finite; signvote.strict=false votes them as zeros");
        }
    }

    final void ensureComplete(final String what) {
        ensureDone();
        if (progress.phase() == Phase.PENDING) {
            throw new IllegalStateException("step=" + steps() + " has failed, retry it " + what);
        }
        if (progress.phase() != Phase.COMPLETE) {
            throw new IllegalStateException("step=" + steps() + " is lost, restore a saved state first");
        }
    }

    /** While an asynchronous step is open, only its call uses the optimiser. */
    final void ensureDone() {
        if (isOpen) {
            throw new IllegalStateException("step=" + steps() + " is open, wait for its Work first");
        }
    }

    /** Notes that an asynchronous step was submitted, or that it has ended. */
    final void open(final boolean isOpen) {
        this.isOpen = isOpen;
    }

    /** Rates of the step that was begun last. */
    final Rates rates() {
        return progress.rates();
    }

    /** Hash of the values that all ranks of a step must share: its rates and the layout. */
    final long options() {
        final Rates rates = rates();
        final long hash = Hash.add(Hash.add(Hash.add(Hash.EMPTY, rates.eta()), rates.beta()), rates.lambda());
        return Hash.add(hash, layout);
    }

    final ZeroPolicy zeroPolicy() {
        return communicator().context().zeroPolicy();
    }

    /** Key of the lots of the step's zeros. */
    final long zeroKey() {
        return zeroKey;
    }

    private void drawLots() {
        zeroKey = Lot.key(
                communicator().context().seed(),
                communicator().number(),
                steps(),
                communicator().rank());
    }

    @SuppressWarnings("unchecked") // T is the subclass, and there is no other
    private T self() {
        return (T) this;
    }

    abstract Communicator communicator();

    abstract void ensureOpen();

    /** Advances the momentum and votes; commits by {@link #use} and {@link #complete}. */
    abstract void vote();

    /** Votes with the momentum as it is. */
    abstract void voteAgain();

    /**
     * After a failed vote, advances the momenta that were not advanced. Returns whether all momenta have their gradient
     * now.
     */
    abstract boolean advanceTheRest();

    /** {@return address of the kept verdict in memory of the host, uint64[ceil(count / 64)], readable and writable} */
    abstract long verdict();

    /** Applies the kept verdict, with {@link #use} and {@link #complete} around it. */
    abstract void applyVerdict();

    abstract void write(OutputStream target, long step) throws IOException;

    /** Reads the momentum, and returns the step. */
    abstract long read(InputStream source) throws IOException;
}
