package io.signvote.transport;

/** What one end knows of a link. */
public enum LinkState {
    /** Frames can flow both ways, as far as this end knows. */
    UP,
    /** Nothing arrives from the peer any more. The link goes on where it was if something arrives again. */
    SILENT,
    /** The stream of the peer has broken off, and never comes back. */
    BROKEN
}
