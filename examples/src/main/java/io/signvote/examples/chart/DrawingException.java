package io.signvote.examples.chart;

import java.io.IOException;

/** This Java cannot draw: numbers are there, pictures are not. */
public final class DrawingException extends IOException {
    private static final long serialVersionUID = 1;

    DrawingException(final Throwable cause) {
        super(
                "no picture: this Java cannot draw text (" + cause + "); apt-get install fontconfig fonts-dejavu-core",
                cause);
    }
}
