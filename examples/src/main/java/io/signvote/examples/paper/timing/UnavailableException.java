package io.signvote.examples.paper.timing;

import java.io.IOException;

/** This machine, or this user, cannot do what a figure needs: nothing is wrong with the figure. The message says what would help. */
public final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    UnavailableException(final String message) {
        super(message);
    }
}
