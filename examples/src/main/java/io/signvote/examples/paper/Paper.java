package io.signvote.examples.paper;

import io.signvote.examples.paper.figure.Figure;
import io.signvote.examples.paper.figure.FigureContext;
import io.signvote.examples.paper.figure.Figures;
import io.signvote.examples.paper.figure.Scale;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.ReportFiles;
import io.signvote.examples.paper.report.Summary;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.RunStore;
import io.signvote.examples.paper.run.Runner;
import io.signvote.examples.paper.run.WorkProgress;
import io.signvote.examples.paper.stats.Difference;
import io.signvote.examples.paper.timing.Testbed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program behind {@code examples/paper}. */
@Command(
        name = "examples/paper",
        description = "The figures of \"signSGD with Majority Vote is Communication Efficient and Fault Tolerant\".",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Paper {
    private static final int PARALLEL_MAX = 8;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "show this text")
    private boolean isHelp;

    @Option(
            names = "--quick",
            scope = CommandLine.ScopeType.INHERIT,
            description = "under a minute a figure, two seeds")
    private boolean isQuick;

    @Option(names = "--full", scope = CommandLine.ScopeType.INHERIT, description = "larger models, more steps: hours")
    private boolean isFull;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            scope = CommandLine.ScopeType.INHERIT,
            description = "first seed of the results; rates are searched with the one before (default: 1)")
    private long seed;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            scope = CommandLine.ScopeType.INHERIT,
            description = "instead of a figure's own number")
    private Integer ranks;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            scope = CommandLine.ScopeType.INHERIT,
            description =
                    "what figures 5 and 7 to 10 train: perceptron, convolutional, or resnet18, which fetches 120 MB the"
                            + " first time and takes many times longer (default: perceptron, with --full convolutional)")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = CommandLine.ScopeType.INHERIT,
            description =
                    "Fashion-MNIST's four IDX files or CIFAR-10's six binary ones (default: Fashion-MNIST, Debian's,"
                            + " else the small set)")
    private Path data;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            scope = CommandLine.ScopeType.INHERIT,
            description = "text of UTF-8, plain or .gz (default: Pride and Prejudice)")
    private Path text;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "paper",
            scope = CommandLine.ScopeType.INHERIT,
            description = "where all is written, and finished runs are kept (default: paper)")
    private Path out;

    @Option(
            names = "--require",
            paramLabel = "CLAIM[:CHECK]",
            scope = CommandLine.ScopeType.INHERIT,
            description =
                    "ends with 1 unless all checks of this claim hold, or those whose names begin so; settings: unless every"
                            + " figure that trains or times a model states the paper's settings; repeatable")
    private List<String> required = List.of();

    @Option(
            names = "--shipped",
            hidden = true,
            required = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "directory of the small data sets")
    private Path shipped;

    @Option(
            names = "--scripts",
            hidden = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "directory of ci/testbed")
    private Path scripts;

    @Option(
            names = "--bar",
            hidden = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "draw a progress bar: standard output ends at a terminal")
    private boolean hasBar;

    private Paper() {}

    /**
     * Runs a command.
     *
     * @param args see {@code examples/paper --help}.
     */
    public static void main(final String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Paper())
                .setParameterExceptionHandler((e, arguments) -> {
                    final String message = e instanceof UnmatchedArgumentException unmatched
                            ? "unknown: " + String.join(" ", unmatched.getUnmatched())
                            : e.getMessage();
                    e.getCommandLine().getErr().println("paper: " + message + ", see examples/paper --help");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof InterruptedException || e instanceof ClosedByInterruptException) {
                        return Interruption.EXIT_CODE;
                    }
                    if (e instanceof IOException
                            || e instanceof UncheckedIOException
                            || e instanceof IllegalArgumentException) {
                        commandLine.getErr().println("paper: " + e.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw e;
                });
    }

    @Command(name = "figure", description = "Runs and draws one figure: PNG, CSV, and claims with verdicts.")
    int figure(@Parameters(paramLabel = "N", description = "1 to 11") final String name)
            throws IOException, InterruptedException {
        final Figure figure = Figures.find(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "figure " + name + " is not known, expected one of "
                                + Figures.all().stream()
                                        .flatMap(each -> each.names().stream())
                                        .collect(Collectors.joining(" "))));
        return judge(draw(List.of(figure)));
    }

    @Command(name = "rates", description = "Checks the theorems' bounds on the toy quadratic, and draws both sides.")
    int rates() throws IOException, InterruptedException {
        return figure("rates");
    }

    @Command(name = "all", description = "Runs every figure, and writes one page with all of them: index.html.")
    int all() throws IOException, InterruptedException {
        ensurePossible(Figures.all());
        final Interruption interruption = new Interruption(System.err, runs());
        try (WorkProgress progress = new WorkProgress(System.out, hasBar)) {
            final WholePaper paper = new WholePaper(
                    context(progress), new ReportFiles(out), spec.commandLine().getOut());
            final int code =
                    paper.draw(Figures.all(), About.table(spec.commandLine().getParseResult(), scripts));
            return Math.max(code, judge(paper.reports()));
        } finally {
            interruption.close();
        }
    }

    /** {@return exit code: 1 if what is required is missed} */
    private int judge(final List<FigureReport> reports) {
        final List<String> misses = required.stream()
                .flatMap(each -> Required.of(each).misses(reports).stream())
                .toList();
        misses.forEach(each -> spec.commandLine().getErr().println("paper: required: " + each));
        if (misses.isEmpty() && !required.isEmpty()) {
            spec.commandLine().getOut().println("required: all of " + required.size() + " hold");
            spec.commandLine().getOut().flush();
        }
        return misses.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<FigureReport> draw(final List<Figure> figures) throws IOException, InterruptedException {
        ensurePossible(figures);
        final PrintWriter writer = spec.commandLine().getOut();
        final ReportFiles files = new ReportFiles(out);
        final List<FigureReport> reports = new ArrayList<>();
        final Interruption interruption = new Interruption(System.err, runs());
        try (WorkProgress progress = new WorkProgress(System.out, hasBar)) {
            final FigureContext context = context(progress);
            for (final Figure figure : figures) {
                final FigureReport report = figure.draw(context);
                writer.printf("%n%s", report);
                files.write(report, writer);
                writer.flush();
                reports.add(report);
            }
        } finally {
            interruption.close();
        }
        writer.printf("%n%s%n%s%n", Verdict.RULE, Difference.RULE);
        final List<Claim> claims =
                reports.stream().flatMap(report -> report.claims().stream()).toList();
        for (final Claim claim : claims) {
            writer.printf(Locale.ROOT, "%-24s %-14s %s%n", claim.id(), claim.kind(), claim.verdict());
        }
        writer.printf("%n%s", Summary.of(claims));
        writer.flush();
        return reports;
    }

    /** Throws before the first run if {@code --require} names an unknown claim, or if a figure needs more ranks. */
    private void ensurePossible(final List<Figure> figures) {
        final List<String> claims =
                figures.stream().flatMap(figure -> figure.claims().stream()).toList();
        for (final String each : required) {
            final String claim = Required.of(each).claim();
            if (!claim.equals(Required.SETTINGS) && !claims.contains(claim)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--require " + each + ": no claim of these figures is called " + claim + ", expected one of "
                                + Required.SETTINGS + " " + String.join(" ", claims));
            }
        }
        for (final Figure figure : figures) {
            if (ranks != null && ranks < figure.leastRanks()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--ranks " + ranks + " are too few for figure "
                                + figure.names().get(0) + ", which needs at least " + figure.leastRanks());
            }
        }
    }

    private FigureContext context(final WorkProgress progress) {
        final Runner runner = new Runner(
                new RunStore(runs()),
                progress,
                Math.min(PARALLEL_MAX, Runtime.getRuntime().availableProcessors()));
        return new FigureContext(scale(), seed, ranks, runner, new FigureContext.Sources(data, text, shipped))
                .model(model)
                .testbed(new Testbed(scripts));
    }

    private Path runs() {
        return out.resolve("runs");
    }

    private Scale scale() {
        if (isQuick && isFull) {
            throw new ParameterException(spec.commandLine(), "--quick and --full exclude each other");
        }
        return isQuick ? Scale.QUICK : isFull ? Scale.FULL : Scale.DEFAULT;
    }
}
