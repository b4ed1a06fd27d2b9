package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.bits.Hash;
import io.signvote.bits.Lot;
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
 * What {@link Signum} and {@link DeviceSignum} have in common: rates, the count of steps, counters, saved states, and the retry.
 *
 * <p>A step that fails leaves the parameters untouched, and the momentum advanced. It is pending then. Ranks may be one step apart after a
 * failure: some have completed the step that is pending on others. {@code retry} over a new communicator brings them together:
 *
 * <ol>
 *   <li>Every rank of the new communicator calls {@code retry}, also a rank without a pending step, and one that is new.
 *   <li>The ranks compare: count, layout, steps completed, step pending, verdict kept, rates. The last step that any rank completed is k.
 *   <li>If k is pending on a rank, the lowest rank that keeps the verdict of k broadcasts it. The ranks that lack it apply it.
 *   <li>A rank whose pending step is k + 1 votes on it again. The others return, and meet that vote in their own step k + 1.
 * </ol>
 *
 * <p>Where nothing is pending anywhere, {@code retry} only takes the communicator over: a rank cannot know the others' steps before it
 * asks, and a failure between two steps leaves nothing pending. {@link #steps()} says which step comes next.
 *
 * <p>A rank that completed less than k - 1 steps, or k - 1 without having begun k, cannot be served: its momentum lacks gradients. This is
 * a rank that was restored from an older state, or one that begins anew. A rank that restored the state of step k takes part, but cannot
 * serve: a saved state holds no verdict. Ranks that completed one step in different groups may have different parameters. In all these
 * cases every rank gets the same {@link io.signvote.error.ProtocolException} that names the ranks and their steps, nothing has changed, and
 * the communicator stays usable: restore one saved state on every rank and step again.
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
     * Sets the learning rate of the steps to come. A step at 0 votes and advances the momentum, and leaves every bit of the
     * parameters.
     *
     * @param eta at least 0, finite.
     * @return this.
     */
    public T learningRate(final float eta) {
        next.eta(eta);
        return self();
    }

    /**
     * Sets the momentum of the steps to come; 0 is signSGD.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public T momentum(final float beta) {
        next.beta(beta);
        return self();
    }

    /**
     * Sets the weight decay of the steps to come.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public T weightDecay(final float lambda) {
        next.lambda(lambda);
        return self();
    }

    /**
     * Sets a number that stands for the order of the parameters, for example a hash of the names and shapes of all tensors. Ranks with
     * different numbers are refused.
     *
     * @param layout any number; 0 by default.
     * @return this.
     */
    public T layout(final long layout) {
        this.layout = layout;
        return self();
    }

    /** {@return steps that were begun, on this optimiser and those it was restored from} */
    public long steps() {
        return progress.step();
    }

    /** {@return whether the last step was begun and is not complete: it has failed, and {@code retry} may follow} */
    public boolean isPending() {
        return progress.phase() != Phase.COMPLETE;
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
     * Writes momentum and step, little-endian, with a checksum. Either optimiser restores what the other wrote. Rates are the caller's
     * and are not written.
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
     * Takes over what {@link #save} wrote. Where this fails, momentum and step are as they were. A state holds no verdict: in a
     * {@code retry} this rank serves nobody until it has completed a step.
     *
     * @param source not closed.
     * @throws IOException as the stream does, and where the state is cut short or broken.
     * @throws ConfigurationException where it is of another number of parameters.
     */
    public final void restore(final InputStream source) throws IOException {
        ensureOpen();
        ensureDone();
        progress.restore(read(source));
    }

    /** Frees all memory of the optimiser. Calling it again does nothing. */
    @Override
    public abstract void close();

    // A step is begin(), the vote, then use() and complete() inside the commit, or abandon() where the vote fails.

    /** Begins a step, once its arguments are checked, and votes. */
    final void run() {
        begin();
        try {
            vote();
        } catch (final ProtocolException e) {
            abandon(e);
            throw explained(e);
        } catch (final RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    final void begin() {
        progress.begin(next);
        drawLots();
    }

    /** Makes the step pending where all of the momentum can have its gradient; else the step is lost. */
    final void abandon(final Throwable error) {
        try {
            if (progress.phase() == Phase.BEGUN && advanceTheRest()) {
                progress.pend();
            }
        } catch (final RuntimeException | Error e) {
            error.addSuppressed(e);
        }
    }

    /** Before the first parameter is written. */
    final void use() {
        progress.use();
    }

    /** After the last parameter was written, or asked for. */
    final void complete() {
        progress.complete();
    }

    /** Takes part in a retry, once the arguments are checked and votes go over the new communicator. */
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

    /** A mismatch names options by their hash. Adds the numbers of this rank. */
    private ProtocolException explained(final ProtocolException error) {
        final String own = "options=" + Long.toHexString(options());
        if (!error.getMessage().contains(own)) {
            return error;
        }
        final ProtocolException explained = new ProtocolException(
                error.getMessage() + "; " + own + " of this rank is " + rates() + " layout=" + layout, error.ranks());
        explained.initCause(error);
        return explained;
    }

    private void receive(final Agreement agreement) {
        final boolean isBehind = progress.completed() < agreement.completed();
        if (isBehind) {
            progress.dropVerdict();
        }
        communicator().broadcast(verdict(), count, DataType.SIGN, agreement.holder());
        if (isBehind) {
            progress.follow(agreement.ofLast());
            applyVerdict();
        }
    }

    /** Counts what was packed. */
    final void onPacked(final long zeros, final long notFinite) {
        zeroCount += zeros;
        notFiniteCount += notFinite;
        communicator().census().add(zeros, notFinite);
    }

    /** Ends the round of a strict rank. */
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

    /** Nothing but the call itself uses the optimiser while an asynchronous step is open. */
    final void ensureDone() {
        if (isOpen) {
            throw new IllegalStateException("step=" + steps() + " is open, wait for its Work first");
        }
    }

    /** An asynchronous step is submitted, or has ended. */
    final void open(final boolean isOpen) {
        this.isOpen = isOpen;
    }

    /** Rates of the step that was begun last. */
    final Rates rates() {
        return progress.rates();
    }

    /** What the ranks of a step must share: a hash of its rates and of the layout. */
    final long options() {
        final Rates rates = rates();
        final long hash = Hash.add(Hash.add(Hash.add(Hash.EMPTY, rates.eta()), rates.beta()), rates.lambda());
        return Hash.add(hash, layout);
    }

    final ZeroPolicy zeroPolicy() {
        return communicator().context().zeroPolicy();
    }

    /** Key of the lots that the zeros of the step draw. */
    final long zeroKey() {
        return zeroKey;
    }

    private void drawLots() {
        zeroKey = Lot.key(
                communicator().context().seed(),
                Communicator.WORLD,
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

    /** After a vote that failed: advances the momenta that it left out, and returns whether all have their gradient now. */
    abstract boolean advanceTheRest();

    /** {@return address of the kept verdict in memory of the host, uint64[ceil(count / 64)], free to be read and written} */
    abstract long verdict();

    /** Applies the kept verdict, with {@link #use} and {@link #complete} around it. */
    abstract void applyVerdict();

    abstract void write(OutputStream target, long step) throws IOException;

    /** Reads the momentum, and returns the step. */
    abstract long read(InputStream source) throws IOException;
}
