package io.signvote.wire;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A collective, with its reduction if it has one.
 *
 * @param collective of the call.
 * @param op of the call, or null.
 */
public record CallKind(Collective collective, ReduceOp op) {
    /** All pairs that a call may have. */
    public static List<CallKind> all() {
        final List<CallKind> all = new ArrayList<>();
        for (final Collective collective : Collective.values()) {
            if (collective.isReduction()) {
                for (final ReduceOp op : ReduceOp.values()) {
                    all.add(new CallKind(collective, op));
                }
            } else {
                all.add(new CallKind(collective, null));
            }
        }
        return all;
    }

    /** Any collective, and any reduction of it. An allreduce and a vote come more often than others. */
    public static CallKind random(final Random draw) {
        final Collective[] collectives = Collective.values();
        final Collective collective =
                draw.nextInt(3) == 0 ? Collective.ALL_REDUCE : collectives[draw.nextInt(collectives.length)];
        if (!collective.isReduction()) {
            return new CallKind(collective, null);
        }
        final ReduceOp[] ops = ReduceOp.values();
        return new CallKind(collective, draw.nextBoolean() ? ReduceOp.MAJORITY : ops[draw.nextInt(ops.length)]);
    }

    /** Reads {@link #toString}. */
    public static CallKind of(final String text) {
        return all().stream()
                .filter(kind -> kind.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    /** Types that such a call may have. */
    public List<DataType> types() {
        final List<DataType> types = new ArrayList<>();
        for (final DataType type : DataType.values()) {
            if (collective.takes(op, type)) {
                types.add(type);
            }
        }
        return types;
    }

    /** The collective, and its reduction behind a blank; of an allreduce the reduction alone. */
    @Override
    public String toString() {
        return collective == Collective.ALL_REDUCE
                ? op.toString()
                : op == null ? collective.toString() : collective + " " + op;
    }
}
