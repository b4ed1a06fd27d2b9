package io.signvote.tools.perf;

import com.sun.management.OperatingSystemMXBean;
import io.signvote.Communicator;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Rounds back to back between two barriers, and the checks after them. Every rank runs the same trains in the same
 * order. The numbers of all ranks are exchanged by collective calls outside the clock.
 */
final class Train {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Job job;
    private final long seed;
    private final Rounds rounds;
    private final ToDoubleFunction<double[]> average;
    private final InterfaceCounters wire;
    private final int ranksPerInterface;

    /**
     * Makes the trains of one job.
     *
     * @param job of this process.
     * @param seed of all contributions, the same on every rank.
     * @param rounds of each train.
     * @param average one time of the times of all ranks, in rank order.
     * @param wire counters of the interface to measure, or null.
     * @param ranksPerInterface ranks that share it.
     */
    Train(
            final Job job,
            final long seed,
            final Rounds rounds,
            final ToDoubleFunction<double[]> average,
            final InterfaceCounters wire,
            final int ranksPerInterface) {
        this.job = job;
        this.seed = seed;
        this.rounds = rounds;
        this.average = average;
        this.wire = wire;
        this.ranksPerInterface = ranksPerInterface;
    }

    /**
     * Measures a train and checks its result.
     *
     * @param contender to measure.
     * @param count elements of a block.
     * @param isInPlace whether the result replaces the contribution. Such a train works on its own results. So each
     *     check uses one more round, on a fresh contribution.
     * @return numbers of all ranks, the same on each.
     */
    Measurement run(final Contender contender, final long count, final boolean isInPlace) {
        final long inputs = job.last();
        final Ballots ballots = new Ballots(seed, inputs, job.rank());
        try (CallMemory memory = new CallMemory(contender, job.rank(), job.size(), count, isInPlace)) {
            final LongConsumer call = contender.collective().call(job.communicator(), contender, memory);
            contender.fill(ballots, memory);
            for (int i = 0; i < rounds.warmup(); i++) {
                call.accept(job.next());
            }
            if (!isInPlace) {
                memory.clearTarget();
            }
            final long lastOfTrain = job.last() + 1 + rounds.timed(); // after a barrier
            final Measurement measured = measure(call);
            if (rounds.checks() == 0) {
                return measured;
            }
            long wrong = isInPlace ? 0 : wrong(contender, memory, inputs, lastOfTrain);
            for (int i = isInPlace ? 0 : 1; i < rounds.checks(); i++) {
                wrong += wrongOfOneMore(contender, memory, call);
            }
            return measured.withWrong(sum(wrong));
        }
    }

    /** Makes and checks one more round, on a fresh contribution. */
    private long wrongOfOneMore(final Contender contender, final CallMemory memory, final LongConsumer call) {
        final long inputs = job.last();
        memory.clearTarget();
        contender.fill(new Ballots(seed, inputs, job.rank()), memory);
        call.accept(job.next());
        return wrong(contender, memory, inputs, job.last());
    }

    private long wrong(final Contender contender, final CallMemory memory, final long inputs, final long number) {
        final Ties ties = new Ties(job.communicator().context(), number);
        return contender.wrong(new ExpectedResult(seed, inputs, job.size(), ties), job.rank(), memory);
    }

    private Measurement measure(final LongConsumer call) {
        final Communicator communicator = job.communicator();
        final CallTimes times = rounds.isEachTimed() ? new CallTimes() : null;
        job.barrier();
        final long wireBytes = wire == null ? 0 : wire.sentBytes();
        final long linkBytes = communicator.bytesSent();
        final long cpuNs = PROCESS.getProcessCpuTime();
        final long startNs = System.nanoTime();
        if (times == null) {
            for (int i = 0; i < rounds.timed(); i++) {
                call.accept(job.next());
            }
        } else {
            long beginNs = startNs;
            for (int i = 0; i < rounds.timed(); i++) {
                call.accept(job.next());
                final long endNs = System.nanoTime();
                times.record(endNs - beginNs);
                beginNs = endNs;
            }
        }
        job.barrier();
        final double[][] all = job.all(
                System.nanoTime() - startNs,
                PROCESS.getProcessCpuTime() - cpuNs,
                wire == null ? 0 : (double) (wire.sentBytes() - wireBytes) / ranksPerInterface,
                communicator.bytesSent() - linkBytes);
        return new Measurement(
                average.applyAsDouble(column(all, 0)) / 1e3,
                Average.MEAN.of(column(all, 1)) / 1e3,
                wire == null ? Double.NaN : Average.MEAN.of(column(all, 2)),
                Average.MEAN.of(column(all, 3)),
                Average.MAX.of(column(all, 3)),
                -1,
                times == null ? null : times.ofAllRanks(job));
    }

    /** The numbers of all ranks for one round. */
    private double[] column(final double[][] all, final int i) {
        return Arrays.stream(all).mapToDouble(each -> each[i] / rounds.timed()).toArray();
    }

    private long sum(final long value) {
        return (long) Arrays.stream(job.all(value)).mapToDouble(each -> each[0]).sum();
    }

    /**
     * The rounds of a train.
     *
     * @param warmup rounds before the clock starts.
     * @param timed rounds on the clock, at least 1.
     * @param checks results to check, 0 for none. The first is the last of the train, unless it is in place.
     * @param isEachTimed whether each round is also timed by itself.
     */
    record Rounds(int warmup, int timed, int checks, boolean isEachTimed) {}
}
