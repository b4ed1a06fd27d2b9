package io.signvote.wire;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;

/** What a round does with the elements of the ranks. M is the number of ranks; a block is the part that belongs to one rank. */
public enum Collective {
    /** Combines the elements of all ranks, for all ranks. */
    ALL_REDUCE(1, "allReduce"),

    /** Elements from one rank to all. */
    BROADCAST(2, "broadcast"),

    /** A vote on one coordinate whose verdict nobody reads. */
    BARRIER(3, "barrier"),

    /** Eight bytes from each rank to all: the length of its shard in the following ALL_GATHER_V. */
    LENGTHS(4, "allGather"),

    /** Bytes from each rank to all. LENGTHS has announced their number. */
    ALL_GATHER_V(5, "allGather"),

    /** Combines the elements of all ranks, for one rank. */
    REDUCE(6, "reduce"),

    /** Combines M blocks of all ranks, and gives rank r block r. */
    REDUCE_SCATTER(7, "reduceScatter"),

    /** One block from each rank to all. */
    ALL_GATHER(8, "allGather"),

    /** One block from each rank to one rank. */
    GATHER(9, "gather"),

    /** M blocks of one rank, one to each rank. */
    SCATTER(10, "scatter"),

    /** M blocks of each rank, one to each rank. */
    ALL_TO_ALL(11, "allToAll");

    private static final Collective[] ALL = values();

    private final short code;
    private final String callName;

    Collective(final int code, final String callName) {
        this.code = (short) code;
        this.callName = callName;
    }

    /** {@return the name of the call that makes it, for messages} */
    public String callName() {
        return callName;
    }

    /**
     * The number of this collective in data frames.
     *
     * @return code, at least 1.
     */
    public short code() {
        return code;
    }

    /**
     * The collective of a code.
     *
     * @param code anything.
     * @return the collective, or null if none has this code.
     */
    public static Collective of(final int code) {
        for (final Collective each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }

    /** {@return whether the elements of the ranks are combined by a {@link ReduceOp}} */
    public boolean isReduction() {
        return this == ALL_REDUCE || this == REDUCE || this == REDUCE_SCATTER;
    }

    /** {@return whether the call has a root: one rank that sends to all other ranks or gets the result} */
    public boolean isRooted() {
        return this == BROADCAST || this == REDUCE || this == GATHER || this == SCATTER;
    }

    /** {@return whether every rank sends bytes to all, and their number may differ between ranks} */
    public boolean isShards() {
        return this == LENGTHS || this == ALL_GATHER_V;
    }

    /** {@return whether the count of a call is that of a block, and some rank has M of them} */
    public boolean isInBlocks() {
        return this == REDUCE_SCATTER || this == ALL_GATHER || this == GATHER || this == SCATTER || this == ALL_TO_ALL;
    }

    /** {@return whether a server tallies such calls, if the ranks have one} It takes no part in the others. */
    public boolean hasServer() {
        return this == ALL_REDUCE || this == REDUCE || this == BARRIER;
    }

    /**
     * Whether a call may have this reduction and this type.
     *
     * @param op reduction; null for a collective without one.
     * @param type of the caller's elements.
     * @return whether it may. LENGTHS and ALL_GATHER_V take UINT8. BARRIER takes SIGN and FLOAT32. A vote takes SIGN, and FLOAT32 for
     *     floats of any type. Other reductions take their types. All other collectives take every type.
     */
    boolean takes(final ReduceOp op, final DataType type) {
        if (isReduction() != (op != null)) {
            return false;
        }
        if (isShards()) {
            return type == DataType.UINT8;
        }
        if (this == BARRIER || op == ReduceOp.MAJORITY) {
            return type == DataType.SIGN || type == DataType.FLOAT32;
        }
        return op == null || op.takes(type);
    }
}
