package io.signvote.examples.paper.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a figure is and how long it will still take: a bar where there is a terminal, now and then a line where there is none.
 * Any thread may report.
 */
public final class WorkProgress implements AutoCloseable {
    private static final int COLUMNS = 100;
    private static final long LINE_EVERY_NS = TimeUnit.SECONDS.toNanos(15);

    private final PrintStream out;
    private final boolean hasBar;
    private String title;
    private long all;
    private long done;
    private long ran;
    private long beganNs;
    private long lineNs;
    private ProgressBar bar;

    /**
     * A progress.
     *
     * @param out    where to.
     * @param hasBar whether a terminal is there.
     */
    public WorkProgress(final PrintStream out, final boolean hasBar) {
        this.out = out;
        this.hasBar = hasBar;
    }

    /**
     * Work begins.
     *
     * @param newTitle of it.
     * @param work     in any unit.
     */
    public synchronized void begin(final String newTitle, final long work) {
        close();
        title = newTitle;
        all = work;
        done = 0;
        ran = 0;
        beganNs = System.nanoTime();
        lineNs = beganNs;
        if (hasBar) {
            bar = new ProgressBarBuilder()
                    .setTaskName(title)
                    .setInitialMax(work)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(250)
                    .setUnit(" %", Math.max(1, work / 100))
                    .setEtaFunction(state -> left())
                    .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
                    .build();
        }
    }

    /**
     * Some work is done.
     *
     * @param work   how much.
     * @param wasRun false where it was kept from before and says nothing of how long the rest will take.
     */
    public synchronized void advance(final long work, final boolean wasRun) {
        done += work;
        ran += wasRun ? work : 0;
        if (bar != null) {
            bar.stepTo(done);
        } else if (title != null && System.nanoTime() - lineNs > LINE_EVERY_NS) {
            lineNs = System.nanoTime();
            out.printf(Locale.ROOT, "%s: %d %%%s%n", title, 100 * done / Math.max(1, all), told(left()));
        }
    }

    /** Work is over, or given up. */
    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        title = null;
    }

    synchronized Optional<Duration> left() {
        if (ran == 0) {
            return Optional.empty();
        }
        final double perUnitNs = (double) (System.nanoTime() - beganNs) / ran;
        return Optional.of(Duration.ofNanos((long) (perUnitNs * Math.max(0, all - done))));
    }

    private static String told(final Optional<Duration> left) {
        return left.map(time -> String.format(Locale.ROOT, ", %d:%02d left", time.toMinutes(), time.toSecondsPart()))
                .orElse("");
    }
}
