package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.device.DeviceCollectives;
import io.signvote.error.VoteException;
import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.net.Batch;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.DeviceSignum;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One rank of a training on GPUs: {@link SignNetwork}, stepped by a {@link DeviceSignum}. Ranks may share a GPU. */
@Command(
        name = "gpu-training",
        description = "Trains a network of signs on Fashion-MNIST by several ranks with a GPU each, by majority vote.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
public final class GpuTraining implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the four IDX files of Fashion-MNIST, plain or .gz (default: Debian's, else the small set)")
    private Path data;

    @Option(
            names = "--shipped",
            paramLabel = "DIR",
            defaultValue = "examples/data",
            description = "directory of the small set (default: examples/data)")
    private Path shipped;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "5", description = "1 to 1000 (default: 5)")
    private int epochs;

    @Option(names = "--hidden", paramLabel = "N", defaultValue = "512", description = "1 to 65536 (default: 512)")
    private int hidden;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = "1 to 4096 (default: 64)")
    private int batchSize;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "1e-3", description = "at first (default: 1e-3)")
    private float rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of parameters and order (default: 1)")
    private long seed;

    private double accuracy;
    private float[] parameters;

    GpuTraining() {}

    /**
     * Runs one rank.
     *
     * @param args see {@code --help}.
     */
    public static void main(final String[] args) {
        System.exit(commandLine(new GpuTraining()).execute(args));
    }

    static CommandLine commandLine(final GpuTraining training) {
        return new CommandLine(training).setExecutionExceptionHandler((e, commandLine, parsed) -> {
            if (e instanceof IOException || e instanceof VoteException) {
                commandLine.getErr().println("gpu-training: " + e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
            throw e;
        });
    }

    @Override
    public Integer call() throws IOException {
        check(epochs >= 1 && epochs <= 1000, "--epochs " + epochs + " is not within 1 to 1000");
        check(hidden >= 1 && hidden <= 1 << 16, "--hidden " + hidden + " is not within 1 to 65536");
        check(batchSize >= 1 && batchSize <= 4096, "--batch " + batchSize + " is not within 1 to 4096");
        check(rate >= 0 && rate < 1, "--rate " + rate + " is not within 0 to below 1");
        final ImageSet images = FashionMnist.read(data, shipped);
        try (Communicator communicator = Communicator.connect()) {
            run(communicator, images);
        }
        return CommandLine.ExitCode.OK;
    }

    /** Trains as the options say; the communicator is the caller's. */
    void run(final Communicator communicator, final ImageSet images) {
        final PrintWriter writer = spec.commandLine().getOut();
        final boolean isLeader = communicator.rank() == 0;
        final Images train = images.train().shard(communicator.rank(), communicator.size());
        final Images test = images.test().shard(communicator.rank(), communicator.size());
        final SampleOrder order = new SampleOrder(train.count(), seed, communicator.rank());
        final Batch batch = new Batch(train.pixelCount(), batchSize);
        final int roundsPerEpoch = SampleOrder.roundsPerEpoch(images.train().count(), communicator.size(), batchSize);
        check(roundsPerEpoch > 0, "--batch " + batchSize + " is more than a rank has images");
        try (DeviceCollectives device = DeviceCollectives.open(communicator);
                SignNetwork network =
                        new SignNetwork(device.kernels(), device.blas(), train.pixelCount(), hidden, batchSize);
                DeviceSignum signum = new DeviceSignum(device, network.parameterCount())) {
            network.initialise(seed);
            if (isLeader) {
                writer.printf("%s%n", images);
                writer.printf(
                        Locale.ROOT,
                        "%d ranks, rank 0 on device %d, %s; %,d parameters, %d images per rank and round, rounds %,d%n",
                        communicator.size(),
                        device.kernels().device(),
                        device.kernels().deviceName(),
                        network.parameterCount(),
                        batchSize,
                        epochs * roundsPerEpoch);
            }
            for (int epoch = 0; epoch < epochs; epoch++) {
                order.shuffle(epoch);
                for (int i = 0; i < roundsPerEpoch; i++) {
                    network.train(batch.fill(train, order.indices(), i * batchSize, (i + 1) * batchSize));
                    signum.learningRate(
                                    RateSchedule.COSINE.rate(rate, epoch * roundsPerEpoch + i, epochs * roundsPerEpoch))
                            .step(network.gradients(), DataType.FLOAT32, network.parameters(), network.stream());
                }
                final float[] statistics = network.lossAndGradientNorm();
                accuracy = accuracy(
                        communicator, network, batch, test, images.test().count());
                if (isLeader) {
                    writer.printf(
                            Locale.ROOT,
                            "epoch %d of %d: accuracy %.1f %%, loss %.4f, gradient norm %.4f, sent %,d bytes%n",
                            epoch + 1,
                            epochs,
                            100 * accuracy,
                            statistics[0],
                            statistics[1],
                            communicator.bytesSent());
                    writer.flush();
                }
            }
            parameters = network.copyOfParameters();
        }
    }

    /** Share of all test images that are told right, after the last epoch. */
    double accuracy() {
        return accuracy;
    }

    /** What was learnt. */
    float[] parameters() {
        return parameters;
    }

    private double accuracy(
            final Communicator communicator,
            final SignNetwork network,
            final Batch batch,
            final Images test,
            final int testCount) {
        final int[] all = SampleOrder.inOrder(test.count());
        int right = 0;
        for (int from = 0; from < all.length; from += batchSize) {
            right += network.countRight(batch.fill(test, all, from, Math.min(all.length, from + batchSize)));
        }
        final float[] sum = {right};
        communicator.allReduce(sum, sum, ReduceOp.SUM);
        return sum[0] / testCount;
    }

    private void check(final boolean isRight, final String message) {
        if (!isRight) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
