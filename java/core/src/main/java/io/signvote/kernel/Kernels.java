package io.signvote.kernel;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * The arithmetic of votes and reductions. Every backend computes the same bits as {@link ScalarKernels}, which is the specification.
 *
 * <p>All memory is outside the heap and is passed by address. Floats are little-endian binary32, aligned to 4 bytes,
 * unless a type is given. Numbers of a type are aligned to their size.
 * Words are little-endian uint64 at any alignment. Source and target of one call may overlap only if the method says
 * so. Each floating-point operation rounds once, to nearest even, in the order written. Denormals are kept, except in a
 * new momentum. Any NaN equals any other. Methods do not check their arguments: the caller is responsible for sizes.
 *
 * <p>Thread-safe. The kernels of scalar and native have no state, do not block and allocate nothing. The kernels of a
 * GPU are {@link DeviceKernels}.
 *
 * <p>{@code firstWord} selects the {@linkplain io.signvote.bits.Lot lots}. It is the index, in the whole call, of the
 * word that holds the first coordinate of this piece.
 */
public interface Kernels {
    /**
     * Name of the backend, as in {@code signvote.kernel}.
     *
     * @return {@code scalar} or {@code native}; another name for kernels that are not of this library.
     */
    String name();

    /**
     * Packs signs: bit 1 for negative. A zero or a value that is not finite votes by {@code zeroPolicy}.
     *
     * @param values source, float32[n].
     * @param words target, uint64[ceil(n / 64)]; unused tail bits are written as 0.
     * @param n coordinates, at least 1.
     * @param zeroPolicy POSITIVE or RANDOM.
     * @param zeroKey key of the lots of zeros.
     * @param firstWord see above.
     * @return zeros, and values that are not finite, as {@link Counts}.
     */
    long packSigns(long values, long words, int n, ZeroPolicy zeroPolicy, long zeroKey, long firstWord);

    /**
     * Advances momentum, v = beta v + oneMinusBeta g, and packs its signs as {@link #packSigns}. A new v below 2^-126
     * in magnitude, the smallest normal float, is written as +0 and votes as a zero. The rule applies to the new v, not to
     * its two products. If the gradient is not finite, every bit of the momentum stays, and the coordinate votes as a
     * zero. A momentum that is not finite votes as a zero too.
     *
     * <p>A momentum of 1 with zero gradients becomes zero after 829 steps at beta 0.9. By the formula alone it would stop
     * at the smallest denormals, where beta v rounds to v, and keep its sign.
     *
     * @param gradients source g, float32[n].
     * @param momentum v, float32[n], read and written.
     * @param words target, uint64[ceil(n / 64)]; unused tail bits are written as 0.
     * @param n coordinates, at least 1.
     * @param beta as float32.
     * @param oneMinusBeta as float32, from the caller: 1 - 0.9f is not 0.1f.
     * @param zeroPolicy POSITIVE or RANDOM.
     * @param zeroKey key of the lots of zeros.
     * @param firstWord see above.
     * @return momenta that are zero, and coordinates whose gradient or momentum is not finite, as {@link Counts}. No
     *     coordinate is counted twice.
     * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
     */
    long momentumPackSigns(
            long gradients,
            long momentum,
            long words,
            int n,
            float beta,
            float oneMinusBeta,
            ZeroPolicy zeroPolicy,
            long zeroKey,
            long firstWord);

    /**
     * Expands signs to floats.
     *
     * @param words source, uint64[ceil(n / 64)]; unused tail bits are ignored.
     * @param values target, float32[n]: -1 for a bit of 1, else +1.
     * @param n coordinates, at least 1.
     */
    void unpackSigns(long words, long values, int n);

    /**
     * Adds one ballot to a tally: a carry-save add into bit-sliced counters. Plane p holds bit p of every lane's count
     * of negative votes. A ballot after 0, 1, 3, 7, ... others opens a plane and writes all of it, so planes need no
     * clearing.
     *
     * @param words ballot, uint64[wordCount].
     * @param planes counters, uint64[planeCount][planeStride words], where planeCount = bit length of (ballots + 1).
     * @param planeStride words from one plane to the next, at least wordCount.
     * @param wordCount words, at least 1.
     * @param ballots ballots counted before, 0 to 254.
     */
    void accumulate(long words, long planes, int planeStride, int wordCount, int ballots);

    /**
     * Computes the verdict of a tally: bit 1 if more than half of the ballots are negative. {@code tiePolicy} decides
     * ties.
     *
     * @param planes counters as {@link #accumulate} left them after {@code ballots}.
     * @param planeStride words from one plane to the next.
     * @param words target, uint64[ceil(n / 64)]; may be plane 0; unused tail bits are written as 0.
     * @param n coordinates, at least 1.
     * @param ballots ballots counted, 1 to 255.
     * @param tiePolicy POSITIVE, NEGATIVE or RANDOM.
     * @param tieKey key of the lots of ties.
     * @param firstWord see above.
     * @return coordinates that were tied.
     */
    int majority(
            long planes,
            int planeStride,
            long words,
            int n,
            int ballots,
            TiePolicy tiePolicy,
            long tieKey,
            long firstWord);

    /**
     * Steps by the verdict: x = x - eta (s + lambda x), where s is -1 for a bit of 1, else +1. A lambda of 0 takes no
     * shortcut: the formula stays the same.
     *
     * @param words verdict, uint64[ceil(n / 64)]; unused tail bits are ignored.
     * @param parameters x, float32[n], read and written.
     * @param n coordinates, at least 1.
     * @param eta learning rate.
     * @param lambda weight decay.
     */
    void applySigns(long words, long parameters, int n, float eta, float lambda);

    /**
     * Adds floats in place: target = target + source. {@link io.signvote.op.ReduceOp#SUM} uses it. If the sum is a NaN,
     * its sign and payload depend on the backend.
     *
     * @param source float32[n].
     * @param target float32[n], read and written.
     * @param n coordinates, at least 1.
     */
    void add(long source, long target, int n);

    /**
     * Packs the signs of floats of any type, as {@link #packSigns(long, long, int, ZeroPolicy, long, long)}.
     *
     * @param type FLOAT16, BFLOAT16, FLOAT32 or FLOAT64.
     * @param values source, type[n].
     * @param words target, uint64[ceil(n / 64)]; unused tail bits are written as 0.
     * @param n coordinates, at least 1.
     * @param zeroPolicy POSITIVE or RANDOM.
     * @param zeroKey key of the lots of zeros.
     * @param firstWord see above.
     * @return zeros, and values that are not finite, as {@link Counts}.
     */
    default long packSigns(
            final DataType type,
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        return type == DataType.FLOAT32
                ? packSigns(values, words, n, zeroPolicy, zeroKey, firstWord)
                : ScalarKernels.pack(type, values, words, n, zeroPolicy, zeroKey, firstWord);
    }

    /**
     * Expands signs to floats of any type.
     *
     * @param type FLOAT16, BFLOAT16, FLOAT32 or FLOAT64.
     * @param words source, uint64[ceil(n / 64)]; unused tail bits are ignored.
     * @param values target, type[n]: -1 for a bit of 1, else +1.
     * @param n coordinates, at least 1.
     */
    default void unpackSigns(final DataType type, final long words, final long values, final int n) {
        if (type == DataType.FLOAT32) {
            unpackSigns(words, values, n);
        } else {
            ScalarKernels.unpack(type, words, values, n);
        }
    }

    /**
     * Combines a contribution with those before it, in place: target = target op source. AVG adds as SUM.
     *
     * @param op any reduction but MAJORITY; one that {@link ReduceOp#takes} the type.
     * @param type of the source; of the bits of SIGN it is INT64, one for each word.
     * @param source type[n].
     * @param target {@link DataType#wide}[n], read and written.
     * @param n elements, at least 1.
     */
    default void fold(final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        if (type == DataType.FLOAT32 && (op == ReduceOp.SUM || op == ReduceOp.AVG)) {
            add(source, target, n);
        } else {
            Folds.fold(op, type, source, target, n);
        }
    }

    /**
     * Widens floats of 16 bits. Exact.
     *
     * @param type FLOAT16 or BFLOAT16.
     * @param source type[n].
     * @param target float32[n].
     * @param n elements, at least 1.
     */
    default void widen(final DataType type, final long source, final long target, final int n) {
        Folds.widen(type, source, target, n);
    }

    /**
     * Makes the result of a reduction: divides for AVG, and rounds to 16 bits.
     *
     * @param op as for {@link #fold}.
     * @param type of the result.
     * @param source {@link DataType#wide}[n], of which {@link #fold} has combined all contributions.
     * @param target type[n]; may be the source if the type is wide.
     * @param n elements, at least 1.
     * @param ranks number of contributions, 1 to 255.
     */
    default void finish(
            final ReduceOp op,
            final DataType type,
            final long source,
            final long target,
            final int n,
            final int ranks) {
        Folds.finish(op, type, source, target, n, ranks);
    }
}
