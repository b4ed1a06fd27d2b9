package io.signvote.examples.chart;

import java.awt.Graphics2D;

/** One chart of a picture. */
public interface Panel {
    /**
     * Draws it.
     *
     * @param graphics with the upper left corner at the origin.
     * @param width    to fill.
     * @param height   to fill.
     */
    void paint(Graphics2D graphics, int width, int height);

    /** {@return whether curves have bands about them, which a caption must explain} */
    default boolean hasBand() {
        return false;
    }
}
