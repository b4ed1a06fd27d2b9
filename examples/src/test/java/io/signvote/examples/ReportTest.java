package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @Test
    void shouldCompareAccuracyTimeAndBytes() {
        final String report = Report.of(voted(), averaged());

        assertTrue(report.contains("89.10 %"), report);
        assertTrue(report.contains("90.00 %"), report);
        assertTrue(report.contains("31.5 s"), report);
        assertTrue(report.contains("8.0 s"), report);
        assertTrue(report.contains("20.50 MB"), report);
        assertTrue(report.contains("sends 31.2 times fewer bytes; its accuracy is 0.90 points lower"), report);
        assertTrue(report.contains("20,000,000     21,000,000"), report);
    }

    @Test
    void shouldDrawThreePanels() throws IOException {
        final Path target = directory.resolve("curves.png");

        Chart.write(List.of(voted(), averaged()), target);

        final BufferedImage image = ImageIO.read(target.toFile());
        assertEquals(3120, image.getWidth());
        assertEquals(840, image.getHeight());
        for (int panel = 0; panel < 3; panel++) {
            assertNotEquals(0, count(image, panel, 0xD55E00), "voted curve in panel " + panel);
            assertNotEquals(0, count(image, panel, 0x0072B2), "averaged curve in panel " + panel);
        }
    }

    @Test
    void shouldDrawCurvesOfOneEpoch() throws IOException {
        final Path target = directory.resolve("one.png");

        Chart.write(List.of(curve("a", 0.8), curve("b", 0.7)), target);

        assertTrue(Files.size(target) > 1000);
    }

    @Test
    void shouldWriteALinePerEpochWhereThereIsNoTerminal() {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Progress progress = Progress.lines(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
            progress.begin("Signum", 1200);
            progress.advance();
            progress.epoch(1, 3, 0.8123);
            progress.end();
        }

        assertEquals(
                "Signum: 1,200 rounds\nSignum: epoch 1 of 3, test accuracy 81.2 %\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldDrawABar() {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Progress progress = Progress.bar(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
            progress.begin("Signum", 2);
            progress.advance();
            progress.advance();
            progress.epoch(1, 1, 0.8123);
            progress.end();
        }

        final String drawn = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(drawn.contains("Signum") && drawn.contains("100%") && drawn.contains("2/2"), drawn);
    }

    private static Curve voted() {
        final Curve curve = curve("Signum, voted", 0.70, 0.84, 0.891);
        curve.finish(8, new double[] {20_000_000, 21_000_000});
        return curve;
    }

    private static Curve averaged() {
        final Curve curve = curve("SGD, averaged", 0.76, 0.86, 0.90);
        curve.finish(9, new double[] {640_000_000, 640_000_000});
        return curve;
    }

    private static Curve curve(final String name, final double... accuracies) {
        final Curve curve = new Curve(name);
        curve.add(0.1, 0);
        for (int i = 0; i < accuracies.length; i++) {
            curve.add(accuracies[i], 10.5 * (i + 1));
        }
        curve.finish(1, new double[] {1e6});
        return curve;
    }

    private static int count(final BufferedImage image, final int panel, final int color) {
        int found = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = panel * 1040; x < (panel + 1) * 1040; x++) {
                found += (image.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
            }
        }
        return found;
    }
}
