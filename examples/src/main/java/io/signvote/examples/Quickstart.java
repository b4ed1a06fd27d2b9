package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.error.VoteException;
import io.signvote.examples.chart.DrawingException;
import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.method.AveragedSgd;
import io.signvote.examples.method.VotedSignum;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * One rank of the quickstart. {@code examples/quickstart} checks options and data once, then starts as many ranks as asked
 * for; each finds the others through the variables that the launcher sets.
 */
@Command(
        name = "quickstart",
        description =
                "Trains a small network on Fashion-MNIST by several processes, by majority vote and by averaging.",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Quickstart implements Callable<Integer> {
    private static final int BATCH = 64;
    // the best of those tried, with 4 ranks: README.md of this module has the table
    private static final float SIGNUM_RATE = 1e-3f;
    private static final float SGD_RATE = 0.05f;
    private static final float MOMENTUM = 0.9f;
    private static final int FULL_EPOCHS = 4;
    /** The small set is a tenth of the whole: the same number of rounds takes ten times as many epochs. */
    private static final int SMALL_EPOCHS = 20;

    private static final int SMALL = 20_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the four IDX files of Fashion-MNIST, plain or .gz (default: Debian's, else the small set)")
    private Path data;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "times through the training images (default: by their number)")
    private Integer epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of parameters and order (default: 1)")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "PNG",
            defaultValue = "quickstart.png",
            description = "picture of the curves (default: quickstart.png)")
    private Path out;

    @Option(
            names = "--require",
            paramLabel = "NAME=BOUND",
            split = ",",
            description =
                    "ends with 1 unless these hold: points=2 for at most 2 points below averaging, bytes=28 for at least"
                            + " 28 times fewer bytes, seconds=180 for less time than that")
    private Map<Requirement, Double> required = Map.of();

    @Option(names = "--shipped", hidden = true, required = true, description = "directory of the small data set")
    private Path shipped;

    @Option(names = "--bar", hidden = true, description = "draw a progress bar: standard output ends at a terminal")
    private boolean hasBar;

    @Option(names = "--check", hidden = true, description = "look at options and data for so many ranks, and end")
    private Integer checkWorldSize;

    private Quickstart() {}

    /**
     * Runs one rank.
     *
     * @param args see {@code examples/quickstart --help}.
     */
    public static void main(final String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Quickstart())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    final String message = e instanceof UnmatchedArgumentException unmatched
                            ? "unknown: " + String.join(" ", unmatched.getUnmatched())
                            : e.getMessage();
                    e.getCommandLine().getErr().println("quickstart: " + message + ", see examples/quickstart --help");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof IOException || e instanceof VoteException) {
                        commandLine.getErr().println("quickstart: " + e.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw e;
                });
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        final ImageSet images = FashionMnist.read(data, shipped);
        if (checkWorldSize != null) {
            rounds(images, checkWorldSize);
            return CommandLine.ExitCode.OK;
        }
        try (Communicator communicator = Communicator.connect()) {
            rounds(images, communicator.size());
            if (communicator.rank() == 0) {
                try (Progress progress = hasBar ? Progress.bar(System.out) : Progress.lines(System.out)) {
                    return lead(communicator, images, progress);
                }
            }
            final Training training = training(communicator, images, Progress.SILENT);
            voted(communicator, training);
            averaged(communicator, training);
        }
        return CommandLine.ExitCode.OK;
    }

    private int lead(final Communicator communicator, final ImageSet images, final Progress progress)
            throws IOException {
        final PrintWriter writer = spec.commandLine().getOut();
        final Training training = training(communicator, images, progress);
        writer.printf("%s%n", images);
        writer.printf(
                Locale.ROOT,
                "%d ranks, %,d parameters, %d images per rank and round, epochs %d, rounds %,d, seed %d%n",
                communicator.size(),
                training.parameterCount(),
                BATCH,
                epochs(images),
                training.rounds(),
                seed);
        writer.printf(
                Locale.ROOT,
                "rates, falling to 0 along half a cosine: Signum %s, SGD %s; momentum of both %s%n",
                SIGNUM_RATE,
                SGD_RATE,
                MOMENTUM);
        writer.flush();

        final Curve voted = voted(communicator, training);
        final Curve averaged = averaged(communicator, training);

        writer.printf("%n%s", Report.of(voted, averaged));
        draw(writer, List.of(voted, averaged));
        writer.flush();
        return judge(voted, averaged);
    }

    /** {@return exit code: 1 if a requirement is missed} */
    int judge(final Curve voted, final Curve averaged) {
        final double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        int code = CommandLine.ExitCode.OK;
        for (final Map.Entry<Requirement, Double> each : required.entrySet()) {
            final double measured = each.getKey().measured(voted, averaged, seconds);
            final boolean holds = each.getKey().holds(measured, each.getValue());
            final PrintWriter writer =
                    holds ? spec.commandLine().getOut() : spec.commandLine().getErr();
            writer.println("quickstart: " + each.getKey().describe(measured, each.getValue()));
            writer.flush();
            code = holds ? code : CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    private void draw(final PrintWriter writer, final List<Curve> curves) throws IOException {
        try {
            Chart.write(curves, out);
            writer.printf("curves: %s%n", out.toAbsolutePath());
        } catch (final DrawingException e) {
            writer.printf("%s%n", e.getMessage());
        }
    }

    private Training training(final Communicator communicator, final ImageSet images, final Progress progress) {
        return new Training(communicator, images, BATCH, epochs(images), seed, progress);
    }

    private static Curve voted(final Communicator communicator, final Training training) {
        return training.run(
                "Signum, voted", SIGNUM_RATE, () -> new VotedSignum(communicator, training.parameterCount(), MOMENTUM));
    }

    private static Curve averaged(final Communicator communicator, final Training training) {
        return training.run(
                "SGD, averaged", SGD_RATE, () -> new AveragedSgd(communicator, training.parameterCount(), MOMENTUM));
    }

    private int epochs(final ImageSet images) {
        return epochs != null ? epochs : images.train().count() < SMALL ? SMALL_EPOCHS : FULL_EPOCHS;
    }

    private void checkOptions() {
        if (epochs != null && (epochs < 1 || epochs > 1000)) {
            throw new ParameterException(spec.commandLine(), "--epochs " + epochs + " is not within 1 to 1000");
        }
        final Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(out)) {
            throw new ParameterException(
                    spec.commandLine(), "--out " + out + " is not a file in a directory that exists");
        }
        if (!Files.isWritable(directory)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out " + out + ": " + directory + " cannot be written to, name another place");
        }
    }

    private static void rounds(final ImageSet images, final int worldSize) throws IOException {
        if (SampleOrder.roundsPerEpoch(images.train().count(), worldSize, BATCH) == 0) {
            throw new IOException(String.format(
                    "%,d training images are too few for %d ranks of %d a round, lower -np",
                    images.train().count(), worldSize, BATCH));
        }
        if (images.test().count() < worldSize) {
            throw new IOException(String.format(
                    "%,d test images are too few for %d ranks, lower -np",
                    images.test().count(), worldSize));
        }
    }
}
