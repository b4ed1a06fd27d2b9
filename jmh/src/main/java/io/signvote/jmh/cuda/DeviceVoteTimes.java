package io.signvote.jmh.cuda;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.bits.HeapArrays;
import io.signvote.device.DeviceCollectives;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.DeviceSignum;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.CloseHelper;

/**
 * The time of a step of {@link DeviceSignum} on a card that all ranks share, and of its parts, each measured alone: the work of the
 * device, the way over PCIe, the vote of packed signs on the host, and the tally in it.
 *
 * <pre>
 *   DeviceVoteTimes [--emulated] [--ranks N] COUNT
 * </pre>
 *
 * <p>With {@code --ranks} all ranks are threads of this process; without, this is one rank of a job that the environment
 * describes. Ends with 1 where parameters differ between ranks. With {@code --emulated} nothing is timed.
 */
public final class DeviceVoteTimes {
    private static final int WARMUP = 10;
    private static final int ROUNDS = 30;
    private static final int TILE_COUNT = 1 << 14;
    private static final int COMPARED = 1 << 16;
    private static final long HEAD_START_LENGTH = 256L << 20;
    private static final float ETA = 1f / 1024;

    private final PrintStream out;
    private final Communicator communicator;
    private final int count;
    private final boolean isEmulated;
    private final String place;

    private DeviceVoteTimes(
            final PrintStream out,
            final Communicator communicator,
            final int count,
            final boolean isEmulated,
            final String place) {
        this.out = out;
        this.communicator = communicator;
        this.count = count;
        this.isEmulated = isEmulated;
        this.place = place;
    }

    /**
     * Runs and prints.
     *
     * @param args see above.
     * @throws Exception where a rank fails.
     */
    public static void main(final String[] args) throws Exception {
        System.exit(run(System.out, args));
    }

    /** What {@link #main} does, and the status that it ends with. */
    static int run(final PrintStream out, final String... args) throws Exception {
        final List<String> options = Arrays.asList(args);
        final boolean isEmulated = options.contains("--emulated");
        final int count = Integer.parseInt(args[args.length - 1].replace("_", ""));
        final int ranks = options.indexOf("--ranks");
        final boolean isEqual;
        if (ranks < 0) {
            try (Communicator communicator = Communicator.connect()) {
                final String place = communicator.size() + " processes, media drivers on one host";
                isEqual = new DeviceVoteTimes(out, communicator, count, isEmulated, place).run();
            }
        } else {
            isEqual = inThreads(out, Integer.parseInt(options.get(ranks + 1)), count, isEmulated);
        }
        return isEqual ? 0 : 1;
    }

    private static boolean inThreads(final PrintStream out, final int ranks, final int count, final boolean isEmulated)
            throws Exception {
        final Communicator[] communicators = Communicator.createLocal(ranks, new Context());
        final ExecutorService threads = Executors.newFixedThreadPool(ranks);
        try {
            final List<Future<Boolean>> results = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                results.add(threads.submit(() -> {
                    try (communicator) {
                        final String place = ranks + " ranks in one process, memory between them";
                        return new DeviceVoteTimes(out, communicator, count, isEmulated, place).run();
                    }
                }));
            }
            boolean isEqual = true;
            for (final Future<Boolean> result : results) {
                isEqual &= result.get();
            }
            return isEqual;
        } finally {
            threads.shutdownNow();
            CloseHelper.quietCloseAll(communicators);
        }
    }

    private boolean run() {
        try (Card card = Card.open(0, isEmulated)) {
            if (!fitsOnAllRanks(card)) {
                if (communicator.rank() == 0) {
                    out.printf(
                            "device vote, %d coordinates, %s: left out, %d MB are needed on %s%n",
                            count, place, neededLength() >> 20, card.name());
                }
                return true;
            }
            return measure(card);
        }
    }

    /** Whether there is memory for all ranks on the card, before the first takes any; they answer alike, or would wait for each other. */
    private boolean fitsOnAllRanks(final Card card) {
        communicator.barrier();
        final float[] fits = {neededLength() < card.freeLength() ? 1 : 0};
        communicator.allReduce(fits, fits, ReduceOp.SUM);
        return fits[0] == communicator.size();
    }

    /** Gradients, parameters and momentum, gradients and momentum again for the parts, and packed words. */
    private long neededLength() {
        return communicator.size() * (21L * count + (isEmulated ? 0 : HEAD_START_LENGTH));
    }

    private boolean measure(final Card card) {
        try (DeviceCollectives device = DeviceCollectives.open(communicator, 0);
                Tile tile = new Tile(device.kernels(), TILE_COUNT);
                Tile ownTile = new Tile(device.kernels(), TILE_COUNT, 1 + communicator.rank(), 0);
                DeviceSignum signum = new DeviceSignum(device, count).learningRate(ETA);
                VoteParts parts = new VoteParts(communicator, card, ownTile, count)) {
            final Operand floats = Operand.updated(Operand.Kind.FLOAT32);
            final long gradients = device.kernels().allocate(floats.length(count));
            final long parameters = device.kernels().allocate(floats.length(count));
            ownTile.fill(floats, gradients, count);
            tile.fill(floats, parameters, count);
            final long stream = device.kernels().newStream();
            if (communicator.size() > 1 && isEqualOnAllRanks(device, gradients, stream)) {
                throw new IllegalStateException(
                        "all ranks have the same gradients, so that equal parameters say nothing");
            }
            final Samples steps = new Samples(ROUNDS);
            for (int round = -(isEmulated ? 0 : WARMUP); round < (isEmulated ? 2 : ROUNDS); round++) {
                communicator.barrier();
                final long start = System.nanoTime();
                signum.step(gradients, DataType.FLOAT32, parameters, stream);
                device.kernels().await(stream);
                if (round >= 0) {
                    steps.add((System.nanoTime() - start) / 1e3);
                }
            }
            final boolean isEqual = isEqualOnAllRanks(device, parameters, stream);
            parts.measure(isEmulated ? 1 : ROUNDS);
            if (communicator.rank() == 0) {
                print(card, steps, parts, isEqual);
            }
            return isEqual;
        }
    }

    /** Whether the first floats at an address are. Equal addends have the exact sum of one times their number, where that is a power of two. */
    private boolean isEqualOnAllRanks(final DeviceCollectives device, final long parameters, final long stream) {
        final int n = Math.min(count, COMPARED);
        final float[] own = new float[n];
        final float[] sum = new float[n];
        final long pinned = device.kernels().allocatePinned(4L * n);
        device.kernels().download(parameters, pinned, 4L * n, stream);
        device.kernels().await(stream);
        HeapArrays.copy(pinned, own, n);
        device.kernels().freePinned(pinned);
        communicator.allReduce(own, sum, ReduceOp.SUM);
        for (int i = 0; i < n; i++) {
            if (sum[i] != communicator.size() * own[i]) {
                return false;
            }
        }
        return true;
    }

    private void print(final Card card, final Samples steps, final VoteParts parts, final boolean isEqual) {
        out.printf(
                "device vote, %d coordinates, %s, sharing %s; parameters %s%n",
                count, place, card.name(), isEqual ? "equal on all ranks" : "DIFFER BETWEEN RANKS");
        if (isEmulated) {
            out.println("  EMULATED: nothing is timed");
            return;
        }
        row("step", steps, "begin of the step until the stream is done");
        row("device", parts.device(), "momentumPackSigns and applySigns alone, by events");
        row("PCIe", parts.transfer(), "words down and verdict up alone, by events");
        row("network", parts.network(), "vote of packed signs alone on the host, less the tally");
        row("tally", parts.tally(), "counting and deciding this rank's share alone");
        out.println("  parts overlap in the step, so that they need not add up to it");
    }

    private void row(final String name, final Samples samples, final String what) {
        out.printf(
                Locale.ROOT,
                "  %-8s %10.1f us (%.1f-%.1f)  %s%n",
                name,
                samples.median(),
                samples.least(),
                samples.most(),
                what);
    }
}
