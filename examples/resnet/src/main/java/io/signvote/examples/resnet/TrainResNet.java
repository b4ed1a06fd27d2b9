package io.signvote.examples.resnet;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EpochTrainingListener;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.djl.AveragingTrainer;
import io.signvote.djl.SignumTrainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Trains ResNet-18 on Fashion-MNIST as one rank of a job. This is DJL's own way to train, except for the line that makes the
 * trainer.
 *
 * <pre>
 * TrainResNet [--help] [--data DIR] [--by vote|average] [--rate X] [--epochs N] [--batch N] [--limit N] [--width N | --full]
 * </pre>
 */
public final class TrainResNet {
    private static final int CLASSES = 10;
    private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final String USAGE = """
            usage: train-resnet [-np N] [OPTION...]

            Trains ResNet-18 on Fashion-MNIST by several processes, on the CPU, through Deep Java Library.

              -np N              processes, 2 by default
              --by vote|average  one-bit majority vote (default), or the mean of the gradients
              --rate X           learning rate, at least 0; by default 0.001 for vote, 0.1 for average
              --epochs N         times through the images, 1 by default
              --batch N          images of a rank in a step, 32 by default
              --limit N          training images of all ranks together, 6000 by default; a quarter as many test images
              --width N          channels of the first block, 16 by default
              --full             64 channels, as the paper's network
              --data DIR         the four IDX files of Fashion-MNIST, examples/data by default
              --help             prints this
            """;

    private final Map<String, String> options = new TreeMap<>(Map.of(
            "--data", "examples/data",
            "--by", "vote",
            "--rate", "",
            "--epochs", "1",
            "--batch", "32",
            "--limit", "6000",
            "--width", Integer.toString(ResNet18.DEFAULT_WIDTH)));

    private TrainResNet(final String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--full")) {
                options.put("--width", Integer.toString(ResNet18.FULL_WIDTH));
            } else if (options.containsKey(args[i]) && i + 1 < args.length) {
                options.put(args[i], args[++i]);
            } else {
                throw new IllegalArgumentException(args[i] + " is unknown or lacks a value, expected --full or one of "
                        + options.keySet() + " with a value");
            }
        }
    }

    /**
     * Trains, and prints on rank 0 what each epoch reached, and on every rank a checksum of the parameters.
     *
     * @param args see above.
     * @throws Exception where anything fails.
     */
    public static void main(final String[] args) throws Exception {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        final TrainResNet program;
        try {
            program = new TrainResNet(args);
            program.ensureReadable();
            program.ensureImages(new Context().worldSize());
        } catch (final IllegalArgumentException e) {
            System.err.println("train-resnet: " + e.getMessage());
            System.exit(2);
            return;
        }
        try (Communicator communicator = Communicator.connect()) {
            program.announce(communicator);
            program.run(communicator);
        }
    }

    private void run(final Communicator communicator) throws Exception {
        try (Model model = Model.newInstance("resnet-18", Device.cpu())) {
            Engine.getInstance().setRandomSeed(1 + communicator.rank());
            train(model, communicator);
        }
    }

    /** Prints the settings at once, because loading the engine and the images takes a while. */
    private void announce(final Communicator communicator) {
        if (communicator.rank() == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "train-resnet: %d ranks, ResNet-18 of %s channels by %s, on the CPU; %s images of %s, batch %s a rank,"
                            + " %s epochs; loading PyTorch, end with ctrl-C%n",
                    communicator.size(),
                    options.get("--width"),
                    options.get("--by"),
                    options.get("--limit"),
                    options.get("--data"),
                    options.get("--batch"),
                    options.get("--epochs"));
        }
    }

    private void ensureReadable() {
        for (final String option : List.of("--epochs", "--batch", "--limit", "--width")) {
            try {
                if (number(option) < 1) {
                    throw new IllegalArgumentException(option + " " + options.get(option) + ", expected at least 1");
                }
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException(option + " " + options.get(option) + ", expected a number", e);
            }
        }
        try {
            final float rate = rate(0);
            if (!(rate >= 0 && rate < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "--rate " + options.get("--rate") + ", expected a finite number of at least 0");
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("--rate " + options.get("--rate") + ", expected a number", e);
        }
        if (!List.of("vote", "average").contains(options.get("--by"))) {
            throw new IllegalArgumentException("--by " + options.get("--by") + ", expected vote or average");
        }
    }

    /** The images are there, and every rank has a batch of each kind; the last of fewer images is left out. */
    private void ensureImages(final int ranks) {
        final Path data = Path.of(options.get("--data"));
        final int batch = number("--batch");
        final int limit = number("--limit");
        try {
            final int train = Math.min(limit, FashionMnistDataset.count(data, "train"));
            final int test = Math.min(limit / 4, FashionMnistDataset.count(data, "t10k"));
            if (train / ranks < batch || test < batch) {
                throw new IllegalArgumentException("--limit " + limit + " of " + data + " gives each of " + ranks
                        + " ranks " + train / ranks + " training images, and " + test
                        + " test images, expected at least"
                        + " --batch " + batch + " of each: raise --limit or lower --batch");
            }
        } catch (final IOException e) {
            throw new IllegalArgumentException(
                    "--data " + data + ": " + e + ": name a folder with the four IDX files of Fashion-MNIST", e);
        }
    }

    private void train(final Model model, final Communicator communicator) throws Exception {
        final int rank = communicator.rank();
        final int batch = number("--batch");
        final int limit = number("--limit");
        final Path data = Path.of(options.get("--data"));
        model.setBlock(ResNet18.of(number("--width"), CLASSES));
        final Dataset train =
                FashionMnistDataset.share(model.getNDManager(), data, "train", rank, communicator.size(), limit, batch);
        final Dataset test = FashionMnistDataset.share(model.getNDManager(), data, "t10k", 0, 1, limit / 4, batch);

        final DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(rate(0.1f)))
                        .optMomentum(0.9f)
                        .build())
                .optDevices(new Device[] {Device.cpu()})
                .addEvaluator(new Accuracy())
                .addTrainingListeners(new EpochTrainingListener(), new EvaluatorTrainingListener());
        if (rank == 0) {
            config.addTrainingListeners(new Report(communicator));
        }
        try (Trainer trainer = trainer(model, config, communicator)) {
            trainer.initialize(new Shape(batch, 1, 32, 32));
            EasyTrain.fit(trainer, number("--epochs"), train, test);
            System.out.println("parameters " + checksum(model));
        }
    }

    /** The line in which a program that votes differs from one that does not. */
    private Trainer trainer(final Model model, final DefaultTrainingConfig config, final Communicator communicator) {
        return switch (options.get("--by")) {
            case "vote" -> new SignumTrainer(model, config, communicator).learningRate(rate(1e-3f));
            case "average" -> new AveragingTrainer(model, config, communicator);
            default -> throw new IllegalArgumentException("--by " + options.get("--by") + ", expected vote or average");
        };
    }

    private float rate(final float byDefault) {
        final String rate = options.get("--rate");
        return rate.isEmpty() ? byDefault : Float.parseFloat(rate);
    }

    private int number(final String option) {
        return Integer.parseInt(options.get(option));
    }

    private static String checksum(final Model model) {
        final CRC32 crc = new CRC32();
        model.getBlock().getParameters().values().forEach(parameter -> {
            final ByteBuffer bytes = parameter.getArray().toByteBuffer(false);
            crc.update(bytes);
        });
        return Long.toHexString(crc.getValue());
    }

    /** Prints a line for each epoch, and one now and then. */
    private static final class Report extends TrainingListenerAdapter {
        private final Communicator communicator;
        private final long beginNs = System.nanoTime();
        private long reportedNs = beginNs;
        private long batches;

        Report(final Communicator communicator) {
            this.communicator = communicator;
        }

        @Override
        public void onTrainingBatch(final Trainer trainer, final BatchData batchData) {
            batches++;
            if (batches == 1 || System.nanoTime() - reportedNs >= REPORT_NS) {
                reportedNs = System.nanoTime();
                System.out.printf(Locale.ROOT, "batch %,d of each rank, %s%n", batches, soFar());
            }
        }

        private String soFar() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s, sent %,d bytes",
                    (System.nanoTime() - beginNs) / 1e9,
                    communicator.bytesSent());
        }

        @Override
        public void onEpoch(final Trainer trainer) {
            final var result = trainer.getTrainingResult();
            System.out.printf(
                    Locale.ROOT,
                    "epoch %d loss %.4f accuracy %.4f, %s%n",
                    result.getEpoch(),
                    result.getTrainLoss(),
                    result.getValidateEvaluation("Accuracy"),
                    soFar());
        }
    }
}
