package io.signvote.wire;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;

/** The operation of a call: a collective, with a reduction if it reduces. Both have codes of their own on the wire. */
public enum Operation {
    /** Majority vote: packed signs to the talliers, packed signs back. */
    MAJORITY(1, ReduceOp.MAJORITY.code()),
    /** Sum: numbers to the talliers, numbers back, as for all reductions below. */
    SUM(1, ReduceOp.SUM.code()),
    /** Mean. */
    AVG(1, ReduceOp.AVG.code()),
    /** Least value. */
    MIN(1, ReduceOp.MIN.code()),
    /** Greatest value. */
    MAX(1, ReduceOp.MAX.code()),
    /** Product. */
    PROD(1, ReduceOp.PROD.code()),
    /** Bits that all ranks have. */
    BAND(1, ReduceOp.BAND.code()),
    /** Bits that any rank has. */
    BOR(1, ReduceOp.BOR.code()),
    /** Bits that an odd number of ranks have. */
    BXOR(1, ReduceOp.BXOR.code()),
    /** Elements from one rank to all. */
    BROADCAST(2, 0),
    /** A vote on one coordinate whose verdict nobody reads. */
    BARRIER(3, 0),
    /** Eight bytes from each rank to all: the length of its shard in the following ALL_GATHER. */
    LENGTHS(4, 0),
    /** Bytes from each rank to all. LENGTHS has announced their number. */
    ALL_GATHER(5, 0);

    private static final Operation[] ALL = values();
    private static final ReduceOp[] REDUCTIONS = ReduceOp.values();

    private final short collective;
    private final short reduction;

    Operation(final int collective, final int reduction) {
        this.collective = (short) collective;
        this.reduction = (short) reduction;
    }

    /**
     * Code of the collective.
     *
     * @return 1 to 5.
     */
    public short collective() {
        return collective;
    }

    /**
     * Code of the reduction.
     *
     * @return that of a {@link ReduceOp}, or 0 if the collective does not reduce.
     */
    public short reduction() {
        return reduction;
    }

    /**
     * The operation of an allreduce.
     *
     * @param op reduction.
     * @return the operation of its name.
     */
    public static Operation of(final ReduceOp op) {
        return ALL[op.ordinal()];
    }

    /** {@return the reduction of an allreduce; null for another collective} */
    public ReduceOp reduceOp() {
        return reduction == 0 ? null : REDUCTIONS[ordinal()];
    }

    /**
     * Operation of two codes.
     *
     * @param collective from the wire, anything.
     * @param reduction from the wire, anything.
     * @return the operation, or null if there is none.
     */
    public static Operation of(final int collective, final int reduction) {
        for (final Operation each : ALL) {
            if (each.collective == collective && each.reduction == reduction) {
                return each;
            }
        }
        return null;
    }

    /**
     * Whether every rank sends bytes of its own to all.
     *
     * @return true for LENGTHS and ALL_GATHER.
     */
    public boolean isGather() {
        return this == LENGTHS || this == ALL_GATHER;
    }

    /**
     * Whether ranks send their elements to all, without a tally. A server takes no part in such a call.
     *
     * @return true for LENGTHS, ALL_GATHER and BROADCAST.
     */
    public boolean isOneWay() {
        return this == BROADCAST || isGather();
    }

    /**
     * Whether a call may name this type.
     *
     * @param type of the caller's elements.
     * @return whether it may. LENGTHS and ALL_GATHER take UINT8. BARRIER takes SIGN and FLOAT32. MAJORITY takes SIGN, and FLOAT32
     *     for floats of any type. BROADCAST takes every type. The others take the types of their reduction.
     */
    boolean takes(final DataType type) {
        return switch (this) {
            case LENGTHS, ALL_GATHER -> type == DataType.UINT8;
            case BARRIER -> type == DataType.SIGN || type == DataType.FLOAT32;
            case BROADCAST -> true;
            case MAJORITY -> type == DataType.SIGN || type == DataType.FLOAT32;
            default -> reduceOp().takes(type);
        };
    }

    /**
     * Type of the elements in the payload of its frames.
     *
     * @param type type of the caller's elements.
     * @return SIGN for MAJORITY and BARRIER, else the caller's type.
     */
    public DataType payloadType(final DataType type) {
        return this == MAJORITY || this == BARRIER ? DataType.SIGN : type;
    }
}
