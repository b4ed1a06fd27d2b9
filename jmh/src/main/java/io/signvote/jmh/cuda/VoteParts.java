package io.signvote.jmh.cuda;

import io.signvote.Communicator;
import io.signvote.bits.OffHeap;
import io.signvote.kernel.DeviceKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.ZeroPolicy;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;

/** What a device vote is made of, each part alone: ranks measure their device one after another, and vote together. */
final class VoteParts implements AutoCloseable {
    private static final int ROUNDS_MAX = 30;
    private static final float BETA = 0.9f;

    private final Communicator communicator;
    private final Card card;
    private final DeviceKernels kernels;
    private final int count;
    private final int words;
    private final long floats;
    private final long momentum;
    private final long deviceWords;
    private final long pinnedWords;
    private final long counts;
    private final Samples device = new Samples(ROUNDS_MAX);
    private final Samples transfer = new Samples(ROUNDS_MAX);
    private final Samples network = new Samples(ROUNDS_MAX);
    private final Samples tally = new Samples(ROUNDS_MAX);

    VoteParts(final Communicator communicator, final Card card, final Tile tile, final int count) {
        this.communicator = communicator;
        this.card = card;
        this.count = count;
        kernels = card.kernels();
        words = count + Long.SIZE - 1 >>> 6;
        floats = kernels.allocate(Operand.updated(Operand.Kind.FLOAT32).length(count));
        momentum = kernels.allocate(4L * count);
        deviceWords = kernels.allocate(8L * words);
        pinnedWords = kernels.allocatePinned(8L * words);
        counts = kernels.allocate(16);
        kernels.clear(momentum, 4L * count, card.stream());
        kernels.clear(counts, 16, card.stream());
        kernels.await(card.stream());
        tile.fill(Operand.updated(Operand.Kind.FLOAT32), floats, count);
    }

    /** Measures all parts so often; every rank calls it. */
    void measure(final int rounds) {
        for (int rank = 0; rank < communicator.size(); rank++) {
            communicator.barrier();
            if (rank == communicator.rank()) {
                measureDevice(rounds);
            }
        }
        communicator.barrier();
        measureHost(rounds);
    }

    Samples device() {
        return device;
    }

    Samples transfer() {
        return transfer;
    }

    Samples network() {
        return network;
    }

    Samples tally() {
        return tally;
    }

    private void measureDevice(final int rounds) {
        for (int round = 0; round < rounds; round++) {
            device.add(1e3
                    * card.time(2, () -> {
                        kernels.momentumPackSigns(
                                floats,
                                DataType.FLOAT32,
                                momentum,
                                deviceWords,
                                count,
                                BETA,
                                1 - BETA,
                                ZeroPolicy.RANDOM,
                                1,
                                0,
                                counts,
                                card.stream());
                        kernels.applySigns(deviceWords, floats, count, 1e-4f, 0, card.stream());
                    }));
            transfer.add(1e3
                    * card.time(2, () -> {
                        kernels.download(deviceWords, pinnedWords, 8L * words, card.stream());
                        kernels.upload(pinnedWords, deviceWords, 8L * words, card.stream());
                    }));
        }
    }

    private void measureHost(final int rounds) {
        final int share = (count + communicator.size() - 1) / communicator.size();
        final int shareWords = share + Long.SIZE - 1 >>> 6;
        try (OffHeap ballots = new OffHeap(8L * shareWords * communicator.size());
                OffHeap decided = new OffHeap(8L * shareWords);
                OffHeap ballot = new OffHeap(8L * words);
                OffHeap verdict = new OffHeap(8L * words)) {
            // what is tallied alone has the ties of what is voted on: of random bits, as gradients of ranks are that
            // disagree
            draw(ballots, new SplittableRandom(communicator.size()));
            draw(ballot, new SplittableRandom(-1 - communicator.rank()));
            for (int round = 0; round < rounds; round++) {
                final long before = System.nanoTime();
                HostTally.run(
                        communicator.kernels(),
                        ballots.address(),
                        shareWords,
                        communicator.size(),
                        decided.address(),
                        share,
                        1,
                        0);
                final long counted = System.nanoTime() - before;
                communicator.barrier();
                final long start = System.nanoTime();
                communicator.allReduce(ballot.address(), verdict.address(), count, DataType.SIGN, ReduceOp.MAJORITY);
                tally.add(counted / 1e3);
                network.add((System.nanoTime() - start - counted) / 1e3);
            }
        }
    }

    private static void draw(final OffHeap words, final SplittableRandom random) {
        for (long offset = 0; offset < words.length(); offset += Long.BYTES) {
            UnsafeApi.putLong(words.address() + offset, random.nextLong());
        }
    }

    @Override
    public void close() {
        kernels.free(floats);
        kernels.free(momentum);
        kernels.free(deviceWords);
        kernels.freePinned(pinnedWords);
        kernels.free(counts);
    }
}
