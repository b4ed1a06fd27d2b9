package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.bits.OffHeap;
import io.signvote.op.ZeroPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Momenta and ballots that another implementation has computed. */
class SignumVectorsTest {
    private static final float OPINION = 1e30f;

    /** One rank votes for and one against everything, so the verdict is the ballot of the third. */
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/signum.csv", useHeadersInDisplayName = true)
    void shouldAdvanceAndCastAsPublished(
            final long seed,
            final long step,
            final int rank,
            final ZeroPolicy zeros,
            final float beta,
            final String gradients,
            final String momenta,
            final String momentaAfter,
            final String ballot)
            throws Exception {
        final float[] given = floats(gradients);
        try (LocalJob job = new LocalJob(3, new Context().seed(seed).zeroPolicy(zeros))) {
            job.run(communicator -> {
                final boolean isOurs = communicator.rank() == rank;
                final float[] own = given.clone();
                if (!isOurs) {
                    Arrays.fill(own, (communicator.rank() + 3 - rank) % 3 == 1 ? OPINION : -OPINION);
                }
                try (Signum signum = new Signum(communicator, given.length)) {
                    signum.momentum(beta).learningRate(1).restore(state(momenta, step - 1));
                    final float[] parameters = new float[given.length];
                    signum.step(own, parameters);

                    assertEquals(step, signum.steps());
                    assertEquals(ballot, packed(parameters));
                    if (isOurs) {
                        assertEquals(momentaAfter, momentaOf(signum, given.length));
                    }
                }
            });
        }
    }

    private static ByteArrayInputStream state(final String momenta, final long step) {
        final byte[] bytes = HexFormat.of().parseHex(momenta);
        try (OffHeap memory = new OffHeap(bytes.length)) {
            new UnsafeBuffer(memory.address(), bytes.length).putBytes(0, bytes);
            final ByteArrayOutputStream state = new ByteArrayOutputStream();
            SignumState.write(state, memory, bytes.length / 4, step);
            return new ByteArrayInputStream(state.toByteArray());
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String momentaOf(final Signum signum, final int count) {
        try (OffHeap memory = new OffHeap(4L * count)) {
            final ByteArrayOutputStream state = new ByteArrayOutputStream();
            signum.save(state);
            SignumState.read(new ByteArrayInputStream(state.toByteArray()), memory, count);
            final byte[] bytes = new byte[4 * count];
            new UnsafeBuffer(memory.address(), bytes.length).getBytes(0, bytes);
            return HexFormat.of().formatHex(bytes);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Parameters begin at 0, so a step of 1 leaves the negative of the verdict. */
    private static String packed(final float[] parameters) {
        final byte[] bytes = new byte[(parameters.length + 63) / 64 * 8];
        for (int i = 0; i < parameters.length; i++) {
            bytes[i / 8] |= (byte) (parameters[i] > 0 ? 1 << i % 8 : 0);
        }
        return HexFormat.of().formatHex(bytes);
    }

    private static float[] floats(final String hex) {
        final ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        final float[] floats = new float[bytes.capacity() / 4];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }
}
