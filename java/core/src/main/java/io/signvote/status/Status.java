package io.signvote.status;

/**
 * Outcomes of data-plane calls. A negative outcome means that nothing was done. Each states whether another try helps.
 */
public final class Status {
    /** Success. */
    public static final int OK = 0;

    /** There is no room towards that peer now. Try again in a later duty cycle. */
    public static final int BACK_PRESSURED = -1;

    /** The peer is not connected yet, or no longer. Another try helps only if the peer has never been connected. */
    public static final int NOT_CONNECTED = -2;

    /** This side or the peer has closed the link. Another try does not help. */
    public static final int CLOSED = -3;

    private Status() {}
}
