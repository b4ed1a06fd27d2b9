package io.signvote.system;

import io.signvote.Communicator;
import io.signvote.optim.Signum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/** Parameters and their optimiser. Gradients depend only on the step and on the rank in the first job. */
public final class Learner implements AutoCloseable {
    private final int number;
    private final int count;
    private final float[] parameters;
    private final Signum signum;

    /** The same parameters on every rank. */
    public Learner(final Communicator communicator, final int count) {
        this(communicator, communicator.rank(), Expected.addends(0, 0, count));
    }

    private Learner(final Communicator communicator, final int number, final float[] parameters) {
        this.number = number;
        this.parameters = parameters;
        count = parameters.length;
        signum = new Signum(communicator, count);
    }

    /** Steps until the last step is complete. The consumer gets the number of each completed step. */
    public void stepTo(final long last, final LongConsumer completed) {
        while (signum.steps() < last) {
            final long step = signum.steps() + 1;
            signum.learningRate(1e-3f * step).weightDecay(0.01f * (step % 3));
            signum.step(Expected.gradients(number, step, count), parameters);
            completed.accept(step);
        }
    }

    /** A twin makes the next step in the place of this learner. This learner then lacks the step. */
    public void letTwinStep(final Communicator communicator) throws IOException {
        final ByteArrayOutputStream state = new ByteArrayOutputStream();
        signum.save(state);
        try (Learner twin = new Learner(communicator, number, parameters.clone())) {
            twin.signum.restore(new ByteArrayInputStream(state.toByteArray()));
            twin.stepTo(signum.steps() + 1, step -> {});
        }
    }

    /** Retries with the ranks of another communicator. */
    public void retry(final Communicator communicator) {
        signum.retry(communicator, parameters);
    }

    /** Steps that were begun. */
    public long steps() {
        return signum.steps();
    }

    /** Whether the last step is pending. */
    public boolean isPending() {
        return signum.isPending();
    }

    /** Checksum of all bits of the parameters. */
    public long checksum() {
        final ByteBuffer bits = ByteBuffer.allocate(count * Float.BYTES);
        bits.asFloatBuffer().put(parameters);
        final CRC32 checksum = new CRC32();
        checksum.update(bits);
        return checksum.getValue();
    }

    @Override
    public void close() {
        signum.close();
    }
}
