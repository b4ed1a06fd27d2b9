package io.signvote.collective;

/** The result of giving a frame to a link. */
enum Fate {
    /** The frame moved a cursor. */
    TAKEN,

    /** The frame stays in the log until its turn. */
    LEFT,

    /** The cursor is already past the frame, which is dropped. */
    REPEATED,

    /** A ballot of a member whose last result is not ours. The job fails. */
    OF_OTHER_RESULT,

    /** A correct member never sends such a frame. It is dropped. */
    MALFORMED
}
