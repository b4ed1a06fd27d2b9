package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/** A model on every rank of a local job, and the paper's algorithm beside it, stepped by the same gradients. */
final class Training implements AutoCloseable {
    static final long SEED = 77;

    final int ranks;
    final int n;
    final PaperSignum paper;
    final float[][] parameters;
    final Signum[] optimisers;

    private final Context context;
    private LocalJob job;

    Training(final int ranks, final int n, final ZeroPolicy zeroPolicy, final TiePolicy tiePolicy) {
        this(ranks, n, new Context().zeroPolicy(zeroPolicy).tiePolicy(tiePolicy));
    }

    Training(final int ranks, final int n, final Context context) {
        this.ranks = ranks;
        this.n = n;
        this.context = context;
        final float[] start = new float[n];
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < n; i++) {
            start[i] = (float) random.nextDouble(-1, 1);
        }
        paper = new PaperSignum(ranks, start, context.zeroPolicy(), context.tiePolicy(), SEED);
        parameters = new float[ranks][];
        optimisers = new Signum[ranks];
        job = new LocalJob(ranks, context.seed(SEED));
        for (int rank = 0; rank < ranks; rank++) {
            parameters[rank] = start.clone();
            optimisers[rank] = new Signum(job.rank(rank), n);
        }
    }

    /** Gradients of a rank in a step: mostly noise that all share, some zeros of either sign, some denormals. */
    float[] gradients(final int rank, final int step) {
        final SplittableRandom random = new SplittableRandom(SEED + 1_000 * step + rank);
        final float[] g = new float[n];
        for (int i = 0; i < n; i++) {
            final float noise = (float) random.nextDouble(-1, 1);
            g[i] = switch (i % 16) {
                case 3 -> 0f;
                case 4 -> -0f;
                case 5 -> step == 0 ? noise : 0f;
                case 6 -> Math.round(noise * 9) * Float.MIN_VALUE;
                case 7 -> noise * 1e30f;
                default -> noise;
            };
        }
        return g;
    }

    float[][] gradients(final int step) {
        final float[][] all = new float[ranks][];
        for (int rank = 0; rank < ranks; rank++) {
            all[rank] = gradients(rank, step);
        }
        return all;
    }

    LocalJob job() {
        return job;
    }

    /** Steps every rank and the paper, and compares. */
    void step(final float[][] gradients, final PaperSignum.Rates rates) throws Exception {
        job.run(communicator -> {
            final int rank = communicator.rank();
            rates.set(optimisers[rank]);
            optimisers[rank].step(gradients[rank], parameters[rank]);
        });
        paper.step(gradients, rates);
        check();
    }

    /** Replaces a job that has failed; whatever a rank does with it is the caller's. */
    void reconnect() {
        job.close();
        job = new LocalJob(
                ranks,
                new Context()
                        .seed(SEED)
                        .zeroPolicy(context.zeroPolicy())
                        .tiePolicy(context.tiePolicy())
                        .timeoutNs(TimeUnit.SECONDS.toNanos(50)));
    }

    void check() throws IOException {
        for (int rank = 0; rank < ranks; rank++) {
            assertArrayEquals(paper.parameters, parameters[rank], "parameters of rank " + rank);
            assertArrayEquals(paper.momentum[rank], momentum(rank), "momentum of rank " + rank);
            assertEquals(paper.zeroCounts[rank], optimisers[rank].zeroCount(), "zeros of rank " + rank);
            assertEquals(paper.notFiniteCounts[rank], optimisers[rank].notFiniteCount(), "not finite of rank " + rank);
        }
    }

    /** Read from the saved form. */
    float[] momentum(final int rank) throws IOException {
        final float[] v = new float[n];
        ByteBuffer.wrap(saved(rank))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(24)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(v);
        return v;
    }

    byte[] saved(final int rank) throws IOException {
        final ByteArrayOutputStream target = new ByteArrayOutputStream();
        optimisers[rank].save(target);
        return target.toByteArray();
    }

    Communicator communicator(final int rank) {
        return job.rank(rank);
    }

    @Override
    public void close() {
        job.close();
        CloseHelper.closeAll(optimisers);
    }
}
