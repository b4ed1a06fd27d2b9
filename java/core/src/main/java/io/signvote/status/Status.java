package io.signvote.status;

/** Outcomes of data-plane calls. Negative ones did not happen; each says whether asking again helps. */
public final class Status {
    /** It was done. */
    public static final int OK = 0;

    /** No room towards that peer now; ask again in a later duty cycle. */
    public static final int BACK_PRESSURED = -1;

    /** The peer is not connected yet, or no longer; asking again helps only before it has ever connected. */
    public static final int NOT_CONNECTED = -2;

    /** The other side or we have closed; asking again does not help. */
    public static final int CLOSED = -3;

    private Status() {}
}
