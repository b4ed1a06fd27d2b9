package io.signvote.transport;

/** The state of a link, as one end sees it. */
public enum LinkState {
    /** Frames can flow both ways, as far as this end knows. */
    UP,
    /** Nothing arrives from the peer any more. If something arrives again, the link continues where it was. */
    SILENT,
    /** The stream of the peer has ended, and never comes back. */
    BROKEN
}
