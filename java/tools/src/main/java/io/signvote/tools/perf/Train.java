package io.signvote.tools.perf;

import com.sun.management.OperatingSystemMXBean;
import io.signvote.Communicator;
import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.op.ReduceOp;
import java.lang.management.ManagementFactory;

/**
 * Rounds back to back between two barriers, and the check after them. Every rank runs the same trains in the same
 * order. The means of all ranks are computed by collective calls outside the clock. A train numbers all calls as the
 * communicator does, because that number selects the lots of ties.
 */
final class Train {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Communicator communicator;
    private final long seed;
    private final int warmup;
    private final int rounds;
    private final boolean isChecked;
    private final InterfaceCounters wire;
    private final int ranksPerInterface;
    private long calls;

    /**
     * Makes the trains of one job.
     *
     * @param communicator of the job, without any call so far.
     * @param seed of all contributions, the same on every rank.
     * @param warmup rounds before the clock starts.
     * @param rounds on the clock, at least 1.
     * @param isChecked whether results are checked.
     * @param wire counters of the interface to measure, or null.
     * @param ranksPerInterface ranks that share it.
     */
    Train(
            final Communicator communicator,
            final long seed,
            final int warmup,
            final int rounds,
            final boolean isChecked,
            final InterfaceCounters wire,
            final int ranksPerInterface) {
        this.communicator = communicator;
        this.seed = seed;
        this.warmup = warmup;
        this.rounds = rounds;
        this.isChecked = isChecked;
        this.wire = wire;
        this.ranksPerInterface = ranksPerInterface;
    }

    /**
     * Measures a train and checks its result.
     *
     * @param contender to measure.
     * @param count coordinates.
     * @param isInPlace whether the result replaces the contribution. Such a train works on its own results. So the
     *     check uses one more round, on a fresh contribution.
     * @return means of all ranks, the same on each.
     */
    Measurement run(final Contender contender, final long count, final boolean isInPlace) {
        final long length = contender.length(count);
        final long inputs = calls;
        final Ballots ballots = new Ballots(seed, inputs, communicator.rank());
        try (OffHeap source = new OffHeap(length);
                OffHeap result = new OffHeap(isInPlace ? 0 : length)) {
            final long target = isInPlace ? source.address() : result.address();
            contender.fill(ballots, source.address(), count);
            for (int i = 0; i < warmup; i++) {
                contender.round(communicator, source.address(), target, count, ++calls);
            }
            if (!isInPlace) {
                Copies.fill(target, length, (byte) 0x55);
            }
            final long lastOfTrain = calls + 1 + rounds; // after a barrier
            final Measurement measured = measure(contender, source.address(), target, count);
            if (!isChecked) {
                return measured;
            }
            long last = lastOfTrain;
            if (isInPlace) {
                contender.fill(ballots, target, count);
                contender.round(communicator, target, target, count, ++calls);
                last = calls;
            }
            final Ties ties = new Ties(communicator.context(), last);
            final long wrong =
                    contender.wrong(new ExpectedResult(seed, inputs, communicator.size(), ties), target, count);
            return new Measurement(
                    measured.timeUs(), measured.cpuUs(), measured.wireBytes(), measured.linkBytes(), sum(wrong));
        }
    }

    private Measurement measure(final Contender contender, final long source, final long target, final long count) {
        barrier();
        final long wireBytes = wire == null ? 0 : wire.sentBytes();
        final long linkBytes = communicator.bytesSent();
        final long cpuNs = PROCESS.getProcessCpuTime();
        final long startNs = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            contender.round(communicator, source, target, count, ++calls);
        }
        barrier();
        final float[] means = {
            System.nanoTime() - startNs,
            PROCESS.getProcessCpuTime() - cpuNs,
            wire == null ? 0 : (float) (wire.sentBytes() - wireBytes) / ranksPerInterface,
            communicator.bytesSent() - linkBytes
        };
        sum(means);
        for (int i = 0; i < means.length; i++) {
            means[i] /= (float) communicator.size() * rounds;
        }
        return new Measurement(means[0] / 1e3, means[1] / 1e3, wire == null ? Double.NaN : means[2], means[3], -1);
    }

    /** Adds numbers over all ranks, as floats. A large sum may be rounded, but never to 0. */
    private long sum(final long value) {
        final float[] sum = {value};
        sum(sum);
        return (long) sum[0];
    }

    private void sum(final float[] values) {
        communicator.allReduce(values, values, ReduceOp.SUM);
        calls++;
    }

    private void barrier() {
        communicator.barrier();
        calls++;
    }
}
