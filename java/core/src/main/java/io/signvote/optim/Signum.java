package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.Work;
import io.signvote.bits.Copies;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Counts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;
import org.agrona.CloseHelper;

/**
 * Signum with majority vote: v = beta v + (1 - beta) g on every rank, then x = x - eta (sign(sum of sign(v)) + lambda
 * x). Gradients are packed directly into claimed frames, and verdict words are applied directly to the parameters,
 * without an array between.
 *
 * <p>A failed step leaves the parameters untouched, and the momentum advanced as if it had succeeded. {@link #retry}
 * votes on it again over a new communicator. A momentum below 2^-126 is written as a zero. So a coordinate whose
 * gradient stays zero votes by {@link io.signvote.op.ZeroPolicy} in the end, and does not keep its last sign. Used by
 * one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
 */
public final class Signum extends SignOptimizer<Signum> {
    private static final int BLOCK = 1 << 20;

    private final OffHeap momentum;
    private final OffHeap verdict;
    private final OffHeap spare = new OffHeap(Words.length(BLOCK));
    private final BitSet isAdvanced;
    private final NotFinite notFinite;
    private final OffHeap gathered = new OffHeap((long) Words.LANES * Float.BYTES);
    private final Segments wholeGradients;
    private final Segments wholeParameters;
    private final BallotSource advancing = new Advancing();
    private final BallotSource standing = new Again();
    private final VerdictSink applying = this::commit;
    private final VerdictSink open = new Open();
    private OffHeap staging = new OffHeap(0);
    private Communicator communicator;
    private boolean isClosed;
    private Segments gradients;
    private Segments parameters;

    /**
     * Makes an optimiser with the paper's defaults: eta 1e-4, beta 0.9, lambda 0. Allocates 4 count bytes outside the
     * heap for the momentum, and count / 8 bytes for the last verdict.
     *
     * @param communicator for the votes; {@link #close()} does not close it.
     * @param count parameters, 0 to {@link Communicator#MAX_COUNT}.
     * @throws ConfigurationException if the count is out of range.
     */
    public Signum(final Communicator communicator, final long count) {
        super(count);
        this.communicator = communicator;
        momentum = new OffHeap(count << 2);
        verdict = new OffHeap(Words.length(count));
        isAdvanced = new BitSet(Math.toIntExact(Words.count(count)));
        notFinite = new NotFinite(count);
        wholeGradients = new Segments(count);
        wholeParameters = new Segments(count);
    }

    /**
     * Votes and steps heap arrays. They are copied off the heap and back.
     *
     * @param gradients g, float32[at least count].
     * @param parameters x, float32[at least count], stepped by the verdict, or untouched on failure.
     * @throws ConfigurationException if an array is too short.
     * @throws VoteException as any call of the communicator; then {@link #retry} may follow.
     */
    public void step(final float[] gradients, final float[] parameters) {
        ensureFits("gradients", gradients);
        ensureFits("parameters", parameters);
        final long g = stage(2);
        HeapArrays.copy(gradients, g, (int) count);
        step(g, stage(parameters));
        HeapArrays.copy(g + (count << 2), parameters, (int) count);
    }

    /**
     * Votes and steps memory by address.
     *
     * @param gradients address of g, float32[count], aligned to 4 bytes; read during the call.
     * @param parameters address of x, float32[count], aligned to 4 bytes; stepped by the verdict, or untouched on failure.
     * @throws VoteException as any call of the communicator; then {@link #retry} may follow.
     */
    public void step(final long gradients, final long parameters) {
        ensureDone();
        step(wholeGradients.at(0, gradients), wholeParameters.at(0, parameters));
    }

    /**
     * Votes and steps segments in one call. The result has the same bits as for contiguous vectors. Gradients and
     * parameters may be cut differently.
     *
     * @param gradients g, count floats in all; read during the call.
     * @param parameters x, count floats in all; stepped by the verdict, or untouched on failure.
     * @throws VoteException as any call of the communicator; then {@link #retry} may follow.
     */
    public void step(final Segments gradients, final Segments parameters) {
        prepare(gradients, parameters);
        run();
    }

    /**
     * Votes and steps, asynchronous. Returns when the vote is queued. The caller lends gradients and parameters until the step is
     * done. At most one step is open.
     *
     * @param gradients as in {@link #step(long, long)}.
     * @param parameters as in that call.
     * @return handle of the step. If it fails, {@link #retry} may follow.
     * @throws IllegalStateException while another step is open, or a failed one waits for {@link #retry}.
     */
    public Work stepAsync(final long gradients, final long parameters) {
        ensureDone();
        return stepAsync(wholeGradients.at(0, gradients), wholeParameters.at(0, parameters));
    }

    /**
     * Votes and steps segments, asynchronous, as {@link #stepAsync(long, long)}.
     *
     * @param gradients g, count floats in all. The caller changes none until the step is done.
     * @param parameters x, count floats in all. The caller changes none until the step is done.
     * @return handle of the step.
     */
    public Work stepAsync(final Segments gradients, final Segments parameters) {
        prepare(gradients, parameters);
        begin();
        open(true);
        try {
            isAdvanced.clear();
            notFinite.clear();
            return communicator.voteAsync(advancing, open, count, steps(), options(), 0);
        } catch (final ProtocolException e) {
            open(false);
            abandon(e);
            throw explained(e);
        } catch (final Throwable e) {
            open(false);
            abandon(e);
            throw e;
        }
    }

    private void prepare(final Segments gradients, final Segments parameters) {
        ensureOpen();
        ensureComplete("over a new communicator first");
        gradients.ensureReady("gradients", count);
        parameters.ensureReady("parameters", count);
        this.gradients = gradients;
        this.parameters = parameters;
    }

    /**
     * Brings this rank to the step of the others after a failure, over another communicator. Later steps use that
     * communicator too. Every rank of it must call this, as {@link SignOptimizer} says. A pending step is voted on
     * again, or completed by the verdict of a rank that has completed it. The momentum is not advanced again.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters address of x, float32[count].
     * @throws io.signvote.error.ProtocolException if the ranks cannot go on together. The communicator stays usable.
     * @throws VoteException as any call of the communicator. Then {@code retry} over another one may follow.
     */
    public void retry(final Communicator communicator, final long parameters) {
        ensureDone();
        retry(communicator, wholeParameters.at(0, parameters));
    }

    /**
     * Does the same as {@link #retry(Communicator, long)} for segments.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters x, count floats in all.
     */
    public void retry(final Communicator communicator, final Segments parameters) {
        ensureOpen();
        ensureDone();
        parameters.ensureReady("parameters", count);
        this.communicator = communicator;
        this.parameters = parameters;
        retry();
    }

    /**
     * Does the same as {@link #retry(Communicator, long)} for heap arrays.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters x, float32[at least count].
     */
    public void retry(final Communicator communicator, final float[] parameters) {
        ensureFits("parameters", parameters);
        final long g = stage(2);
        try {
            retry(communicator, stage(parameters));
        } finally {
            // if the retry fails on another rank, this rank may have applied a verdict before
            HeapArrays.copy(g + (count << 2), parameters, (int) count);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException while a step is open: close the communicator first, or wait for the step.
     */
    @Override
    public void close() {
        ensureDone();
        isClosed = true;
        CloseHelper.closeAll(momentum, verdict, spare, gathered, notFinite, staging);
    }

    @Override
    Communicator communicator() {
        return communicator;
    }

    @Override
    void ensureOpen() {
        if (isClosed) {
            throw new IllegalStateException("signum is closed, make another one and restore what was saved");
        }
    }

    @Override
    void vote() {
        isAdvanced.clear();
        notFinite.clear();
        communicator.vote(advancing, applying, count, steps(), options());
    }

    @Override
    void voteAgain() {
        communicator.vote(standing, applying, count, steps(), options());
    }

    @Override
    long verdict() {
        return verdict.address();
    }

    @Override
    void applyVerdict() {
        commit(verdict.address(), count);
    }

    /** Copies each block of the verdict right before it applies the block, so memory is read once for both. */
    private void commit(final long words, final long count) {
        use();
        for (long done = 0; done < count; ) {
            final int n = parameters.run(done, Math.min(done + BLOCK, count));
            keep(words, done, n);
            apply(words, done, n);
            done += n;
        }
        complete();
    }

    private void keep(final long words, final long coordinate, final int n) {
        if (words != verdict.address()) {
            final long offset = coordinate >> 3;
            Copies.copy(words + offset, verdict.address() + offset, Words.length(n));
        }
    }

    private void apply(final long words, final long coordinate, final int n) {
        if (rates().eta() == 0) {
            // do not compute x - 0 (s + lambda x): it is NaN for an infinite x, and turns -0 into 0
            return;
        }
        final long x = parameters.address(coordinate, n, gathered.address());
        communicator.kernels().applySigns(words + (coordinate >> 3), x, n, rates().eta(), rates().lambda());
        parameters.scatter(coordinate, n, gathered.address());
    }

    /** Advances the momenta that a failed step has not advanced yet. A retry then finds the state of that step everywhere. */
    @Override
    boolean advanceTheRest() {
        final int wordCount = (int) Words.count(count);
        for (int word = isAdvanced.nextClearBit(0); word < wordCount; word = isAdvanced.nextClearBit(word)) {
            final int nextSet = isAdvanced.nextSetBit(word);
            final long end = Math.min(count, (nextSet < 0 ? wordCount : nextSet) * (long) Words.LANES);
            final long first = word * (long) Words.LANES;
            advance(first, (int) Math.min(BLOCK, end - first), spare.address());
        }
        return true;
    }

    private long advance(final long coordinate, final int n, final long words) {
        final long end = coordinate + n;
        long counted = 0;
        for (long done = coordinate; done < end; ) {
            final int run = gradients.run(done, end);
            counted += advanceRun(done, run, words + (done - coordinate >> 3));
            done += run;
        }
        return counted;
    }

    private long advanceRun(final long coordinate, final int n, final long words) {
        final long g = gradients.address(coordinate, n, gathered.address());
        final long counted = communicator
                .kernels()
                .momentumPackSigns(
                        g,
                        momentum.address() + (coordinate << 2),
                        words,
                        n,
                        rates().beta(),
                        rates().oneMinusBeta(),
                        zeroPolicy(),
                        zeroKey(),
                        coordinate / Words.LANES);
        isAdvanced.set((int) (coordinate / Words.LANES), (int) Words.count(coordinate + n));
        onPacked(Counts.zeros(counted), Counts.notFinite(counted));
        if (Counts.notFinite(counted) > 0) {
            notFinite.mark(g, coordinate, n);
        }
        return counted;
    }

    private void pack(final long coordinate, final int n, final long words) {
        communicator
                .kernels()
                .packSigns(
                        momentum.address() + (coordinate << 2),
                        words,
                        n,
                        zeroPolicy(),
                        zeroKey(),
                        coordinate / Words.LANES);
        notFinite.overrule(words, coordinate, n, zeroPolicy(), zeroKey());
    }

    @Override
    void write(final OutputStream target, final long step) throws IOException {
        SignumState.write(target, momentum, count, step);
    }

    @Override
    long read(final InputStream source) throws IOException {
        return SignumState.read(source, momentum, count);
    }

    private long stage(final int vectors) {
        ensureOpen();
        staging = staging.atLeast(count * 4 * vectors);
        return staging.address();
    }

    private long stage(final float[] parameters) {
        final long x = staging.address() + (count << 2);
        HeapArrays.copy(parameters, x, (int) count);
        return x;
    }

    private void ensureFits(final String name, final float[] values) {
        if (values.length < count) {
            throw new ConfigurationException(name + " has " + values.length + " floats, needs " + count);
        }
    }

    /** The commit of an asynchronous step. */
    private final class Open implements VerdictSink {
        @Override
        public void commit(final long words, final long count) {
            try {
                Signum.this.commit(words, count);
            } finally {
                open(false);
            }
        }

        @Override
        public void abandon(final Throwable error) {
            Signum.this.abandon(error);
            open(false);
        }

        @Override
        public boolean writes(final long first, final long end) {
            return parameters.overlaps(first, end);
        }
    }

    /** The ballots of a step's first vote. They advance the momentum. */
    private final class Advancing implements BallotSource {
        @Override
        public void fill(final long coordinate, final int n, final long words) {
            ensureFinite(coordinate, n, Counts.notFinite(advance(coordinate, n, words)));
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }

        @Override
        public boolean reads(final long first, final long end) {
            return gradients.overlaps(first, end);
        }

        @Override
        public String describeOptions(final long options) {
            return Signum.this.describeOptions(options);
        }
    }

    /** The ballots of a repeated vote. They do not change the momentum. */
    private final class Again implements BallotSource {
        @Override
        public void fill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }

        @Override
        public String describeOptions(final long options) {
            return Signum.this.describeOptions(options);
        }
    }
}
