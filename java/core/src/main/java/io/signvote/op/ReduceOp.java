package io.signvote.op;

import java.util.ArrayList;
import java.util.List;

/**
 * How a collective combines the contributions x0, x1, ... of the ranks, element by element. All ranks get the same
 * bits, for every order of arrival. Floats of 16 bits are combined as FLOAT32, and the result is rounded once.
 */
public enum ReduceOp {
    /**
     * The sign of the sum of the signs, one bit per coordinate each way.
     *
     * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
     */
    MAJORITY(1),

    /**
     * The sum. Floats are added in rank order, ((x0 + x1) + x2) + .... Integers wrap. If the sum is a NaN, its sign and
     * payload depend on the backend of the rank that adds.
     */
    SUM(2),

    /** The {@link #SUM}, divided by the number of ranks. A quotient of integers is rounded towards 0. */
    AVG(3),

    /** The least value. It is a NaN if any value is a NaN. -0 is less than +0. */
    MIN(4),

    /** The greatest value. It is a NaN if any value is a NaN. -0 is less than +0. */
    MAX(5),

    /** The product. Floats are multiplied in rank order. Integers wrap. */
    PROD(6),

    /** A bit is 1 if it is 1 in all contributions. */
    BAND(7),

    /** A bit is 1 if it is 1 in any contribution. */
    BOR(8),

    /** A bit is 1 if it is 1 in an odd number of contributions. */
    BXOR(9);

    private static final ReduceOp[] ALL = values();

    private final int code;

    ReduceOp(final int code) {
        this.code = code;
    }

    /**
     * The number of this reduction in data frames.
     *
     * @return code, at least 1.
     */
    public int code() {
        return code;
    }

    /**
     * The reduction of a code.
     *
     * @param code anything.
     * @return the reduction, or null if none has this code.
     */
    public static ReduceOp of(final int code) {
        for (final ReduceOp each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }

    /**
     * Whether there are collectives of this type with this reduction.
     *
     * @param type of the elements.
     * @return true for MAJORITY of floats and SIGN, for BAND and BOR of integers and SIGN, for BXOR of integers, and for the
     *     others of all numbers.
     */
    public boolean takes(final DataType type) {
        return switch (this) {
            case MAJORITY -> type.isFloat() || type == DataType.SIGN;
            case SUM, AVG, MIN, MAX, PROD -> type != DataType.SIGN;
            case BAND, BOR -> type.isInteger() || type == DataType.SIGN;
            case BXOR -> type.isInteger();
        };
    }

    /** {@return all types that this reduction {@link #takes}} */
    public List<DataType> types() {
        final List<DataType> types = new ArrayList<>();
        for (final DataType type : DataType.values()) {
            if (takes(type)) {
                types.add(type);
            }
        }
        return types;
    }

    /**
     * Whether the result depends on the order in which contributions are combined. Then they are combined in rank order.
     *
     * @param type of the elements.
     * @return true for SUM, AVG and PROD of floats.
     */
    public boolean isOrdered(final DataType type) {
        return type.isFloat() && (this == SUM || this == AVG || this == PROD);
    }
}
