package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Counts;
import io.signvote.op.ZeroPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;
import org.agrona.CloseHelper;

/**
 * Signum with majority vote: v = beta v + (1 - beta) g on every rank, then x = x - eta (sign(sum of sign(v)) + lambda x).
 * Goes from gradients to claimed frames and from verdict words to parameters without an array between.
 *
 * <p>A failed step leaves the parameters untouched, and the momentum advanced as if it had succeeded: {@link #retry} votes on
 * it again over a new communicator. A momentum below 2^-126 is written as a zero. So a coordinate whose gradient died votes by
 * {@link ZeroPolicy} in the end, and does not keep its last sign. Used by the thread of its communicator.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
 */
public final class Signum implements AutoCloseable {
    private static final int BLOCK = 1 << 20;

    private final long count;
    private final OffHeap momentum;
    private final OffHeap spare = new OffHeap(Words.length(BLOCK));
    private final BitSet isAdvanced;
    private final NotFinite notFinite;
    private final OffHeap gathered = new OffHeap((long) Words.LANES * Float.BYTES);
    private final Segments wholeGradients;
    private final Segments wholeParameters;
    private final BallotSource advancing = new Advancing();
    private final BallotSource standing = new Standing();
    private final VerdictSink applying = this::apply;
    private final Rates rates = new Rates();
    private OffHeap staging = new OffHeap(0);
    private Communicator communicator;
    private long step;
    private boolean isPending;
    private boolean isClosed;
    private long zeroKey;
    private Segments gradients;
    private Segments parameters;
    private long zeroCount;
    private long notFiniteCount;

    /**
     * An optimiser with the paper's defaults: eta 1e-4, beta 0.9, lambda 0. Takes 4 count bytes off the heap.
     *
     * @param communicator that votes; not closed by {@link #close()}.
     * @param count parameters, 0 to {@link Communicator#MAX_COUNT}.
     */
    public Signum(final Communicator communicator, final long count) {
        if (count < 0 || count > Communicator.MAX_COUNT) {
            throw new ConfigurationException("count=" + count + ", expected 0 to " + Communicator.MAX_COUNT);
        }
        this.communicator = communicator;
        this.count = count;
        momentum = new OffHeap(count << 2);
        isAdvanced = new BitSet(Math.toIntExact(Words.count(count)));
        notFinite = new NotFinite(count);
        wholeGradients = new Segments(count);
        wholeParameters = new Segments(count);
    }

    /**
     * Sets the learning rate of the steps to come. A step at 0 votes and advances the momentum, and leaves every bit of the
     * parameters.
     *
     * @param eta at least 0, finite.
     * @return this.
     */
    public Signum learningRate(final float eta) {
        rates.eta(eta);
        return this;
    }

    /**
     * Sets the momentum of the steps to come; 0 is signSGD.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public Signum momentum(final float beta) {
        rates.beta(beta);
        return this;
    }

    /**
     * Sets the weight decay of the steps to come.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public Signum weightDecay(final float lambda) {
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
     * Votes and steps; heap arrays are copied off the heap and back.
     *
     * @param gradients g, float32[at least count].
     * @param parameters x, float32[at least count], stepped by the verdict.
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
        step(wholeGradients.at(0, gradients), wholeParameters.at(0, parameters));
    }

    /**
     * Votes and steps memory that lies in several places, in one call. The bits are those of the same floats laid end to end,
     * however either is cut.
     *
     * @param gradients g, count floats in all; read during the call.
     * @param parameters x, count floats in all; stepped by the verdict, or untouched on failure.
     * @throws VoteException as any call of the communicator; then {@link #retry} may follow.
     */
    public void step(final Segments gradients, final Segments parameters) {
        ensureOpen();
        if (isPending) {
            throw new IllegalStateException("step=" + step + " has failed, retry it over a new communicator first");
        }
        gradients.ensureReady("gradients", count);
        parameters.ensureReady("parameters", count);
        step++;
        isPending = true;
        this.gradients = gradients;
        isAdvanced.clear();
        notFinite.clear();
        try {
            vote(advancing, parameters);
        } catch (final RuntimeException | Error e) {
            advanceTheRest();
            throw e;
        }
    }

    /**
     * Votes again on the step that failed, over another communicator, which later steps use too. The momentum is not advanced
     * again.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters address of x, float32[count].
     */
    public void retry(final Communicator communicator, final long parameters) {
        retry(communicator, wholeParameters.at(0, parameters));
    }

    /**
     * The same for parameters that lie in several places.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters x, count floats in all.
     */
    public void retry(final Communicator communicator, final Segments parameters) {
        ensureOpen();
        ensurePending();
        parameters.ensureReady("parameters", count);
        this.communicator = communicator;
        vote(standing, parameters);
    }

    /**
     * The same for heap arrays.
     *
     * @param communicator connected to the ranks that go on.
     * @param parameters x, float32[at least count].
     */
    public void retry(final Communicator communicator, final float[] parameters) {
        ensureFits("parameters", parameters);
        final long g = stage(2);
        retry(communicator, stage(parameters));
        HeapArrays.copy(g + (count << 2), parameters, (int) count);
    }

    /**
     * Writes momentum and step, little-endian, with a checksum. Rates are the caller's and are not written.
     *
     * @param target not closed.
     * @throws IOException as the stream does.
     * @throws IllegalStateException while a failed step waits for {@link #retry}.
     */
    public void save(final OutputStream target) throws IOException {
        ensureOpen();
        if (isPending) {
            throw new IllegalStateException("step=" + step + " has failed, retry it before saving");
        }
        SignumState.write(target, momentum, count, step);
    }

    /**
     * Takes over what {@link #save} wrote. Where this fails, momentum and step are as they were.
     *
     * @param source not closed.
     * @throws IOException as the stream does, and where the state is cut short or broken.
     * @throws ConfigurationException where it is of another number of parameters.
     */
    public void restore(final InputStream source) throws IOException {
        ensureOpen();
        step = SignumState.read(source, momentum, count);
        isPending = false;
    }

    /** Frees the momentum. Calling it again does nothing. */
    @Override
    public void close() {
        isClosed = true;
        CloseHelper.closeAll(momentum, spare, gathered, notFinite, staging);
    }

    private void vote(final BallotSource source, final Segments parameters) {
        this.parameters = parameters;
        zeroKey = Lot.key(communicator.context().seed(), Communicator.WORLD, step, communicator.rank());
        communicator.vote(source, applying, count, step);
        isPending = false;
    }

    private void apply(final long words, final long count) {
        if (rates.eta() == 0) {
            // not x - 0 (s + lambda x), which is NaN for an infinite x and turns -0 into 0
            return;
        }
        for (long done = 0; done < count; ) {
            final int n = parameters.run(done, Math.min(done + BLOCK, count));
            final long x = parameters.address(done, n, gathered.address());
            communicator.kernels().applySigns(words + (done >> 3), x, n, rates.eta(), rates.lambda());
            parameters.scatter(done, n, gathered.address());
            done += n;
        }
    }

    /** A step that failed has advanced some momenta: advance the others, so that a retry finds the step's state everywhere. */
    private void advanceTheRest() {
        final int wordCount = (int) Words.count(count);
        for (int word = isAdvanced.nextClearBit(0); word < wordCount; word = isAdvanced.nextClearBit(word)) {
            final int nextSet = isAdvanced.nextSetBit(word);
            final long end = Math.min(count, (nextSet < 0 ? wordCount : nextSet) * (long) Words.LANES);
            final long first = word * (long) Words.LANES;
            advance(first, (int) Math.min(BLOCK, end - first), spare.address());
        }
    }

    private long advance(final long coordinate, final int n, final long words) {
        isAdvanced.set((int) (coordinate / Words.LANES), (int) Words.count(coordinate + n));
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
                        rates.beta(),
                        rates.oneMinusBeta(),
                        zeroPolicy(),
                        zeroKey,
                        coordinate / Words.LANES);
        zeroCount += Counts.zeros(counted);
        notFiniteCount += Counts.notFinite(counted);
        communicator.census().add(Counts.zeros(counted), Counts.notFinite(counted));
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
                        zeroKey,
                        coordinate / Words.LANES);
        notFinite.overrule(words, coordinate, n, zeroPolicy(), zeroKey);
    }

    private ZeroPolicy zeroPolicy() {
        return communicator.context().zeroPolicy();
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

    private void ensureOpen() {
        if (isClosed) {
            throw new IllegalStateException("signum is closed, make another one and restore what was saved");
        }
    }

    private void ensurePending() {
        if (!isPending) {
            throw new IllegalStateException("step=" + step + " has not failed, there is nothing to retry");
        }
    }

    /** First time in a step: advances the momentum. */
    private final class Advancing implements BallotSource {
        @Override
        public void fill(final long coordinate, final int n, final long words) {
            final long counted = advance(coordinate, n, words);
            if (Counts.notFinite(counted) > 0 && communicator.context().strict()) {
                throw new VoteException("step=" + step + ": gradients [" + coordinate + ", " + (coordinate + n)
                        + ") hold " + Counts.notFinite(counted)
                        + " values that are not finite; signvote.strict=false votes them as zeros");
            }
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }
    }

    /** Again: the momentum stands. */
    private final class Standing implements BallotSource {
        @Override
        public void fill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            pack(coordinate, n, words);
        }
    }
}
