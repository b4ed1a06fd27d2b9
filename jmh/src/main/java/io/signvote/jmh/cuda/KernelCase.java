package io.signvote.jmh.cuda;

import io.signvote.jmh.cuda.Operand.Kind;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.cuda.CudaDevice;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * A kernel with its operands, as it is timed and checked.
 *
 * @param name for people.
 * @param operands in the order in which the launch and the oracle take their addresses.
 * @param launch asks for it on the device.
 * @param oracle the same on the host.
 * @param budget least share of the bandwidth of a copy; 0 if integer units limit the kernel, and not memory.
 */
record KernelCase(String name, List<Operand> operands, Launch launch, Oracle oracle, double budget) {
    private static final double BUDGET = 0.85;
    private static final int KEY = 7;
    private static final float BETA = 0.9f;
    private static final float ONE_MINUS_BETA = 1 - BETA;
    private static final float ETA = 1e-4f;
    private static final float LAMBDA = 1e-5f;

    /** Ballots before the one that is timed: all four planes are open, as with 15 ranks. */
    private static final int COUNTED = 14;

    private static final int PLANES = 4;

    /** Asks the device for a kernel. */
    @FunctionalInterface
    interface Launch {
        /** At addresses of operands with strides in words; counts takes what is counted, and stays where it is. */
        void run(CudaDevice kernels, long[] at, long[] strides, long n, long counts, long stream);
    }

    /** Does the same on the host. */
    @FunctionalInterface
    interface Oracle {
        /** At addresses of operands with strides in words; the first word is the one of this index in the whole. */
        void run(Kernels kernels, long[] at, int[] strides, int n, long firstWord);
    }

    /** Bytes of one set of operands. */
    long length(final long n) {
        return operands.stream().mapToLong(operand -> operand.length(n)).sum();
    }

    /** Bytes that cross to and from memory in one launch. */
    long moved(final long n) {
        return operands.stream().mapToLong(operand -> operand.moved(n)).sum();
    }

    /** The kernels that draw lots for zeros. */
    private static List<KernelCase> packs() {
        return List.of(
                pack("packSigns", Kind.FLOAT32, DataType.FLOAT32),
                pack("packSigns float16", Kind.FLOAT16, DataType.FLOAT16),
                pack("packSigns bfloat16", Kind.BFLOAT16, DataType.BFLOAT16),
                momentum("momentumPackSigns", Kind.FLOAT32, DataType.FLOAT32),
                momentum("momentumPackSigns float16", Kind.FLOAT16, DataType.FLOAT16),
                momentum("momentumPackSigns bfloat16", Kind.BFLOAT16, DataType.BFLOAT16));
    }

    /** The kernels that draw lots for zeros, on data with a share of zeros. */
    static List<KernelCase> packs(final double zeros) {
        final String suffix = String.format(
                Locale.ROOT,
                ", %s %% zeros",
                BigDecimal.valueOf(100 * zeros).stripTrailingZeros().toPlainString());
        return packs().stream()
                .map(each -> new KernelCase(each.name + suffix, each.operands, each.launch, each.oracle, 0))
                .toList();
    }

    static List<KernelCase> all() {
        final List<KernelCase> all = new ArrayList<>(packs());
        all.addAll(List.of(
                new KernelCase(
                        "unpackSigns",
                        List.of(Operand.read(Kind.WORDS), Operand.written(Kind.FLOAT32)),
                        (kernels, at, strides, n, counts, stream) -> kernels.unpackSigns(at[0], at[1], n, stream),
                        (kernels, at, strides, n, firstWord) -> kernels.unpackSigns(at[0], at[1], n),
                        BUDGET),
                new KernelCase(
                        "accumulate, ballot " + (COUNTED + 1),
                        List.of(Operand.read(Kind.WORDS), Operand.updatedRows(Kind.WORDS, PLANES)),
                        (kernels, at, strides, n, counts, stream) ->
                                kernels.accumulate(at[0], at[1], strides[1], words(n), COUNTED, stream),
                        (kernels, at, strides, n, firstWord) ->
                                kernels.accumulate(at[0], at[1], strides[1], (int) words(n), COUNTED),
                        BUDGET),
                new KernelCase(
                        "majority of " + (COUNTED + 1),
                        List.of(Operand.readRows(Kind.WORDS, PLANES), Operand.written(Kind.WORDS)),
                        (kernels, at, strides, n, counts, stream) -> kernels.majority(
                                at[0], strides[0], at[1], n, COUNTED + 1, TiePolicy.RANDOM, KEY, 0, counts, stream),
                        (kernels, at, strides, n, firstWord) -> kernels.majority(
                                at[0], strides[0], at[1], n, COUNTED + 1, TiePolicy.RANDOM, KEY, firstWord),
                        BUDGET),
                tally(2),
                tally(7),
                tally(15),
                tally(64),
                new KernelCase(
                        "applySigns",
                        List.of(Operand.read(Kind.WORDS), Operand.updated(Kind.FLOAT32)),
                        (kernels, at, strides, n, counts, stream) ->
                                kernels.applySigns(at[0], at[1], n, ETA, LAMBDA, stream),
                        (kernels, at, strides, n, firstWord) -> kernels.applySigns(at[0], at[1], n, ETA, LAMBDA),
                        BUDGET),
                new KernelCase(
                        "add",
                        List.of(Operand.read(Kind.FLOAT32), Operand.updated(Kind.FLOAT32)),
                        (kernels, at, strides, n, counts, stream) -> kernels.add(at[0], at[1], n, stream),
                        (kernels, at, strides, n, firstWord) -> kernels.add(at[0], at[1], n),
                        BUDGET)));
        return all;
    }

    private static KernelCase pack(final String name, final Kind kind, final DataType type) {
        return new KernelCase(
                name,
                List.of(Operand.read(kind), Operand.written(Kind.WORDS)),
                (kernels, at, strides, n, counts, stream) ->
                        kernels.packSigns(at[0], type, at[1], n, ZeroPolicy.RANDOM, KEY, 0, counts, stream),
                (kernels, at, strides, n, firstWord) -> onFloats(
                        kind,
                        at[0],
                        n,
                        floats -> kernels.packSigns(floats, at[1], n, ZeroPolicy.RANDOM, KEY, firstWord)),
                BUDGET);
    }

    private static KernelCase momentum(final String name, final Kind kind, final DataType type) {
        return new KernelCase(
                name,
                List.of(Operand.read(kind), Operand.updated(Kind.FLOAT32), Operand.written(Kind.WORDS)),
                (kernels, at, strides, n, counts, stream) -> kernels.momentumPackSigns(
                        at[0], type, at[1], at[2], n, BETA, ONE_MINUS_BETA, ZeroPolicy.RANDOM, KEY, 0, counts, stream),
                (kernels, at, strides, n, firstWord) -> onFloats(
                        kind,
                        at[0],
                        n,
                        floats -> kernels.momentumPackSigns(
                                floats, at[1], at[2], n, BETA, ONE_MINUS_BETA, ZeroPolicy.RANDOM, KEY, firstWord)),
                BUDGET);
    }

    /** The oracle counts one ballot after another, into planes of its own. */
    private static KernelCase tally(final int ballots) {
        return new KernelCase(
                "tally of " + ballots,
                List.of(Operand.readRows(Kind.WORDS, ballots), Operand.written(Kind.WORDS)),
                (kernels, at, strides, n, counts, stream) ->
                        kernels.tally(at[0], strides[0], ballots, at[1], n, TiePolicy.RANDOM, KEY, 0, counts, stream),
                (kernels, at, strides, n, firstWord) ->
                        HostTally.run(kernels, at[0], strides[0], ballots, at[1], n, KEY, firstWord),
                ballots == 2 ? 0 : BUDGET);
    }

    /** Gives the address of the values as float32: the host has no narrower kernels. */
    private static void onFloats(final Kind kind, final long values, final int n, final LongConsumer work) {
        if (kind == Kind.FLOAT32) {
            work.accept(values);
            return;
        }
        try (Widened floats = new Widened(kind, values, n)) {
            work.accept(floats.address());
        }
    }

    private static long words(final long n) {
        return n + Long.SIZE - 1 >>> 6;
    }
}
