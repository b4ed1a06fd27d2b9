package io.signvote.examples.paper.timing;

import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * Kernels whose time is taken, by what they do for a round: pack ballots, tally them, unpack the verdict. The results are those of
 * the kernels behind. Used by the thread of one communicator.
 */
public final class TimedKernels implements Kernels {
    private final Kernels kernels;
    private long packNs;
    private long tallyNs;
    private long unpackNs;

    /**
     * Stands before kernels.
     *
     * @param kernels that do the work.
     */
    public TimedKernels(final Kernels kernels) {
        this.kernels = kernels;
    }

    /** {@return nanoseconds spent packing so far} */
    public long packNs() {
        return packNs;
    }

    /** {@return nanoseconds spent counting votes, deciding, and adding floats so far} */
    public long tallyNs() {
        return tallyNs;
    }

    /** {@return nanoseconds spent unpacking verdicts and stepping by them so far} */
    public long unpackNs() {
        return unpackNs;
    }

    @Override
    public String name() {
        return kernels.name();
    }

    @Override
    public long packSigns(
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        final long start = System.nanoTime();
        final long counted = kernels.packSigns(values, words, n, zeroPolicy, zeroKey, firstWord);
        packNs += System.nanoTime() - start;
        return counted;
    }

    @Override
    public long momentumPackSigns(
            final long gradients,
            final long momentum,
            final long words,
            final int n,
            final float beta,
            final float oneMinusBeta,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        final long start = System.nanoTime();
        final long counted = kernels.momentumPackSigns(
                gradients, momentum, words, n, beta, oneMinusBeta, zeroPolicy, zeroKey, firstWord);
        packNs += System.nanoTime() - start;
        return counted;
    }

    @Override
    public void unpackSigns(final long words, final long values, final int n) {
        final long start = System.nanoTime();
        kernels.unpackSigns(words, values, n);
        unpackNs += System.nanoTime() - start;
    }

    @Override
    public void accumulate(
            final long words, final long planes, final int planeStride, final int wordCount, final int ballots) {
        final long start = System.nanoTime();
        kernels.accumulate(words, planes, planeStride, wordCount, ballots);
        tallyNs += System.nanoTime() - start;
    }

    @Override
    public int majority(
            final long planes,
            final int planeStride,
            final long words,
            final int n,
            final int ballots,
            final TiePolicy tiePolicy,
            final long tieKey,
            final long firstWord) {
        final long start = System.nanoTime();
        final int ties = kernels.majority(planes, planeStride, words, n, ballots, tiePolicy, tieKey, firstWord);
        tallyNs += System.nanoTime() - start;
        return ties;
    }

    @Override
    public void applySigns(final long words, final long parameters, final int n, final float eta, final float lambda) {
        final long start = System.nanoTime();
        kernels.applySigns(words, parameters, n, eta, lambda);
        unpackNs += System.nanoTime() - start;
    }

    @Override
    public long packSigns(
            final DataType type,
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        final long start = System.nanoTime();
        final long counted = kernels.packSigns(type, values, words, n, zeroPolicy, zeroKey, firstWord);
        packNs += System.nanoTime() - start;
        return counted;
    }

    @Override
    public void unpackSigns(final DataType type, final long words, final long values, final int n) {
        final long start = System.nanoTime();
        kernels.unpackSigns(type, words, values, n);
        unpackNs += System.nanoTime() - start;
    }

    @Override
    public void fold(final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        final long start = System.nanoTime();
        kernels.fold(op, type, source, target, n);
        tallyNs += System.nanoTime() - start;
    }

    @Override
    public void widen(final DataType type, final long source, final long target, final int n) {
        final long start = System.nanoTime();
        kernels.widen(type, source, target, n);
        tallyNs += System.nanoTime() - start;
    }

    @Override
    public void finish(
            final ReduceOp op,
            final DataType type,
            final long source,
            final long target,
            final int n,
            final int ranks) {
        final long start = System.nanoTime();
        kernels.finish(op, type, source, target, n, ranks);
        tallyNs += System.nanoTime() - start;
    }

    @Override
    public void add(final long source, final long target, final int n) {
        final long start = System.nanoTime();
        kernels.add(source, target, n);
        tallyNs += System.nanoTime() - start;
    }
}
