package io.signvote.wire;

import io.signvote.op.DataType;

/** Collective operations, by their codes on the wire. */
public enum Operation {
    /** Majority vote: packed signs to the talliers, packed signs back. */
    MAJORITY(1),
    /** Sum in rank order: floats to the talliers, floats back. */
    SUM(2),
    /** From one rank to all. */
    BROADCAST(3),
    /** A vote on one coordinate whose verdict nobody reads. */
    BARRIER(4),
    /** Eight bytes from each rank to all: how many more it has to be gathered. */
    LENGTHS(5),
    /** Bytes from each rank to all, as many as it has said. */
    ALL_GATHER(6);

    private static final Operation[] BY_CODE = new Operation[7];

    static {
        for (final Operation operation : values()) {
            BY_CODE[operation.code] = operation;
        }
    }

    private final short code;

    Operation(final int code) {
        this.code = (short) code;
    }

    /**
     * Code on the wire.
     *
     * @return 1 to 6.
     */
    public short code() {
        return code;
    }

    /**
     * Operation of a code.
     *
     * @param code from the wire, anything.
     * @return the operation, or null where there is none.
     */
    public static Operation of(final int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
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
     * Whether those who have something send it to all and nobody tallies, so that a server has no part in it.
     *
     * @return true for what is gathered and for BROADCAST.
     */
    public boolean isOneWay() {
        return this == BROADCAST || isGather();
    }

    /**
     * Whether a call may name this type.
     *
     * @param type of the caller's elements.
     * @return true for BYTE where bytes are gathered, for FLOAT32 in a SUM, else for SIGN and FLOAT32.
     */
    boolean takes(final DataType type) {
        return switch (this) {
            case LENGTHS, ALL_GATHER -> type == DataType.BYTE;
            case SUM -> type == DataType.FLOAT32;
            default -> type == DataType.SIGN || type == DataType.FLOAT32;
        };
    }

    /**
     * What the payload of its frames consists of.
     *
     * @param type type of the caller's elements.
     * @return SIGN for votes, whatever the caller's type; else the caller's type.
     */
    public DataType payloadType(final DataType type) {
        return this == MAJORITY || this == BARRIER ? DataType.SIGN : type;
    }
}
