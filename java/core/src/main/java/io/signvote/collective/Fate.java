package io.signvote.collective;

/** What became of a frame that a link was given. */
enum Fate {
    /** The frame moved a cursor. */
    TAKEN,

    /** The frame stays in the log until its turn. */
    LEFT,

    /** The cursor had passed the frame before: it is dropped. */
    REPEATED,

    /** No member that is well sends such a frame: it is dropped. */
    MALFORMED
}
