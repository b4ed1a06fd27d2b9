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
    BARRIER(4);

    private static final Operation[] BY_CODE = new Operation[5];

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
     * @return 1 to 4.
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
     * What the payload of its frames consists of.
     *
     * @param type type of the caller's elements.
     * @return SIGN for votes, whatever the caller's type; else the caller's type.
     */
    public DataType payloadType(final DataType type) {
        return this == MAJORITY || this == BARRIER ? DataType.SIGN : type;
    }
}
