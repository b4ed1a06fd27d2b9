package io.signvote.examples.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Panels in rows, written as a PNG. */
public final class Picture {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 420;
    /** Picture elements per unit of length, so that the text is crisp on dense screens. */
    private static final int SCALE = 2;

    private Picture() {}

    /**
     * Draws panels.
     *
     * @param panels in reading order.
     * @param perRow most panels side by side.
     * @param target PNG file; its directory is made.
     * @throws DrawingException where this Java cannot draw.
     * @throws IOException      where it cannot be written.
     */
    public static void write(final List<? extends Panel> panels, final int perRow, final Path target)
            throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        if (!ImageIO.write(draw(panels, Math.min(perRow, panels.size())), "png", target.toFile())) {
            throw new IOException("this Java has no writer for PNG");
        }
    }

    private static BufferedImage draw(final List<? extends Panel> panels, final int perRow) throws IOException {
        final int rows = (panels.size() + perRow - 1) / perRow;
        final BufferedImage image =
                new BufferedImage(SCALE * WIDTH * perRow, SCALE * HEIGHT * rows, BufferedImage.TYPE_INT_RGB);
        try {
            for (int i = 0; i < panels.size(); i++) {
                final Graphics2D graphics = image.createGraphics();
                graphics.scale(SCALE, SCALE);
                graphics.translate(i % perRow * WIDTH, i / perRow * HEIGHT);
                panels.get(i).paint(graphics, WIDTH, HEIGHT);
                graphics.dispose();
            }
            fillRest(image, panels.size(), perRow);
        } catch (final LinkageError | InternalError | NullPointerException e) {
            // what the JDK throws where fontconfig or every font is missing, as on small servers
            throw new DrawingException(e);
        }
        return image;
    }

    private static void fillRest(final BufferedImage image, final int count, final int perRow) {
        final Graphics2D graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        graphics.setColor(Color.WHITE);
        for (int i = count; i % perRow != 0; i++) {
            graphics.fillRect(i % perRow * WIDTH, i / perRow * HEIGHT, WIDTH, HEIGHT);
        }
        graphics.dispose();
    }
}
