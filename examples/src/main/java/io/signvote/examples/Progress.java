package io.signvote.examples;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far training is, for people: a bar where there is a terminal, a line per epoch where there is none. */
interface Progress extends AutoCloseable {
    /** Width of the bar's line. */
    int COLUMNS = 100;

    /** Says nothing; for all ranks but one. */
    Progress SILENT = new Progress() {};

    /** A run begins. */
    default void begin(final String name, final int rounds) {}

    /** A round is done. */
    default void advance() {}

    /** An epoch is done and tested. */
    default void epoch(final int epoch, final int epochs, final double accuracy) {}

    /** The run is over. */
    default void end() {}

    @Override
    default void close() {}

    /**
     * Plain lines, for logs and pipes.
     *
     * @param out where to.
     * @return a progress that writes a line per epoch.
     */
    static Progress lines(final PrintStream out) {
        return new Progress() {
            private String name;

            @Override
            public void begin(final String runName, final int rounds) {
                name = runName;
                out.printf("%s: %,d rounds%n", name, rounds);
            }

            @Override
            public void epoch(final int epoch, final int epochs, final double accuracy) {
                out.printf(
                        Locale.ROOT,
                        "%s: epoch %d of %d, test accuracy %.1f %%%n",
                        name,
                        epoch,
                        epochs,
                        100 * accuracy);
            }
        };
    }

    /**
     * A bar that is drawn over and over in one line.
     *
     * @param out terminal, or a launcher that passes everything on to one.
     * @return a progress that draws a bar for each run.
     */
    static Progress bar(final PrintStream out) {
        return new Progress() {
            private ProgressBar bar;

            @Override
            public void begin(final String name, final int rounds) {
                bar = new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(rounds)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(250)
                        .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
                        .build();
            }

            @Override
            public void advance() {
                bar.step();
            }

            @Override
            public void epoch(final int epoch, final int epochs, final double accuracy) {
                bar.setExtraMessage(String.format(Locale.ROOT, " test %.1f %%", 100 * accuracy));
            }

            @Override
            public void end() {
                close();
            }

            @Override
            public void close() {
                if (bar != null) {
                    bar.close();
                    bar = null;
                }
            }
        };
    }
}
