package io.signvote.examples.paper.timing;

import io.signvote.Communicator;
import io.signvote.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.CloseHelper;

/**
 * Times exchanges as one rank of the job that variables describe: {@code RankTiming KIND:COUNT:ROUNDS...} All take turns, a train
 * each, so that none is measured with code less compiled than another's; their first turn does not count. Prints a line for each
 * train: {@code timing,TRAIN,CHECKSUM,} and {@link Phases}.
 */
public final class RankTiming {
    /** What every line begins with. */
    static final String HEAD = "timing,";

    private static final double NS_PER_MS = 1e6;

    private final Communicator communicator;
    private final TimedKernels kernels;

    private RankTiming(final Communicator communicator, final TimedKernels kernels) {
        this.communicator = communicator;
        this.kernels = kernels;
    }

    /**
     * Times them.
     *
     * @param args exchanges, in the same order on every rank.
     */
    public static void main(final String[] args) {
        try (Communicator communicator = Communicator.connect(new Context().kernelDecorator(TimedKernels::new))) {
            new RankTiming(communicator, (TimedKernels) communicator.kernels())
                    .time(Stream.of(args).map(RoundTrain::parse).toList());
        }
    }

    private void time(final List<RoundTrain> trains) {
        final Map<RoundTrain, GradientExchange> exchanges = new LinkedHashMap<>();
        try {
            trains.forEach(
                    train -> exchanges.put(train, GradientExchange.open(train.kind(), communicator, train.count())));
            for (int turn = 0; turn <= RoundTrain.TRAINS; turn++) {
                for (final RoundTrain train : trains) {
                    final GradientExchange exchange = exchanges.get(train);
                    step(exchange, train.warmup());
                    communicator.barrier();
                    final Phases phases = measured(exchange, train.rounds());
                    if (turn > 0) {
                        System.out.println(HEAD + train + "," + exchange.checksum() + "," + phases.line());
                    }
                }
            }
        } finally {
            CloseHelper.closeAll(exchanges.values());
        }
    }

    private Phases measured(final GradientExchange exchange, final int rounds) {
        final long bytes = communicator.bytesSent();
        final long pack = kernels.packNs();
        final long tally = kernels.tallyNs();
        final long unpack = kernels.unpackNs() + exchange.updateNs();
        final long start = System.nanoTime();
        step(exchange, rounds);
        final double perRound = NS_PER_MS * rounds;
        return new Phases(
                (System.nanoTime() - start) / perRound,
                (kernels.packNs() - pack) / perRound,
                (kernels.tallyNs() - tally) / perRound,
                (kernels.unpackNs() + exchange.updateNs() - unpack) / perRound,
                (double) (communicator.bytesSent() - bytes) / rounds);
    }

    private static void step(final GradientExchange exchange, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            exchange.step();
        }
    }
}
