package io.signvote.examples.paper;

import io.signvote.examples.paper.figure.Figure;
import io.signvote.examples.paper.figure.FigureContext;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Page;
import io.signvote.examples.paper.report.ReportFiles;
import io.signvote.examples.paper.report.Summary;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.timing.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** All figures, one after the other, on one page. A figure that cannot be drawn is named there with the reason. */
final class WholePaper {
    private final FigureContext context;
    private final ReportFiles files;
    private final PrintWriter out;
    private final List<FigureReport> reports = new ArrayList<>();

    WholePaper(final FigureContext context, final ReportFiles files, final PrintWriter out) {
        this.context = context;
        this.files = files;
        this.out = out;
    }

    /**
     * Draws them.
     *
     * @param about what the page says of the run.
     * @return exit code: 1 where a figure failed; one that this machine cannot do is none that failed.
     * @throws IOException          where the page cannot be written.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    int draw(final List<Figure> figures, final Table about) throws IOException, InterruptedException {
        final Page page = new Page(about);
        final Path target = files.directory().resolve("index.html");
        final List<String> missing = new ArrayList<>();
        int done = 0;
        int code = CommandLine.ExitCode.OK;
        for (final Figure figure : figures) {
            try {
                final FigureReport report = figure.draw(context);
                out.printf("%n%s", report);
                files.write(report, out);
                page.add(report, files.picture(report));
                reports.add(report);
            } catch (final UnavailableException e) {
                missing.add(figure.id());
                page.addMissing(figure.id(), figure.title(), e.getMessage());
                out.printf("%n%s: not drawn: %s%n", figure.title(), e.getMessage());
            } catch (final ClosedByInterruptException e) {
                throw e;
            } catch (final IOException | RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException(e.getMessage());
                }
                // runs take long: what others came to must not be lost with one
                code = CommandLine.ExitCode.SOFTWARE;
                missing.add(figure.id());
                page.addMissing(figure.id(), figure.title(), "failed: " + e);
                out.printf("%n%s: failed: %s%n", figure.title(), e);
            }
            done++;
            // after each, so that what is there can be read while the others run, or after an interrupt
            page.write(target, done < figures.size() ? done + " of " + figures.size() + " so far" : "");
            out.flush();
        }
        final List<Claim> claims =
                reports.stream().flatMap(report -> report.claims().stream()).toList();
        out.printf(
                "%n%s%n%s%n%s%n",
                Summary.of(claims),
                target,
                missing.isEmpty()
                        ? "all " + figures.size() + " drawn, none is missing"
                        : missing.size() + " of " + figures.size() + " missing, see above: "
                                + String.join(", ", missing));
        out.flush();
        return code;
    }

    /** {@return the reports of all figures that were drawn} */
    List<FigureReport> reports() {
        return List.copyOf(reports);
    }
}
