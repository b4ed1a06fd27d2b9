package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.bits.OffHeap;
import io.signvote.device.DeviceCollectives;
import io.signvote.error.ProtocolException;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks whose rates or layout differ would drift apart in silence: their step ends in an error on all ranks. */
class OptionsTest {
    private static final int N = 100;

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    @ParameterizedTest(name = "{0} {1} {2} {3} asynchronous={4}")
    @CsvSource({
        "0.25, 0.5, 0.125, 7, true",
        "0.5, 0.5, 0.125, 8, true",
        "0.25, 0.5, 0.125, 7, false",
        "0.5, 0.25, 0.125, 7, false",
        "0.5, 0.5, 0.25, 7, false",
        "0.5, 0.5, 0.125, 8, false",
        "0, 0.5, 0.125, 7, false"
    })
    void shouldRefuseAStepOnEveryRankAndNameItsOwnNumbers(
            final float eta, final float beta, final float lambda, final long layout, final boolean isAsynchronous)
            throws Exception {
        final float[][] parameters = new float[3][N];
        final SignOptimizer<?>[] optimizers = new SignOptimizer<?>[3];
        try (LocalJob job = new LocalJob(3, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final int rank = communicator.rank();
                final Signum signum = new Signum(communicator, N);
                optimizers[rank] = signum;
                if (rank == 1) {
                    signum.learningRate(eta).momentum(beta).weightDecay(lambda).layout(layout);
                } else {
                    signum.learningRate(0.5f).momentum(0.5f).weightDecay(0.125f).layout(7);
                }
                final float[] gradients = new float[N];
                Arrays.fill(gradients, 1);
                if (isAsynchronous) {
                    stepAsync(signum, parameters[rank]);
                } else {
                    signum.step(gradients, parameters[rank]);
                }
            });

            for (int rank = 0; rank < 3; rank++) {
                final String own = rank == 1
                        ? "learning rate=" + eta + " momentum=" + beta + " weight decay=" + lambda + " layout=" + layout
                        : "learning rate=0.5 momentum=0.5 weight decay=0.125 layout=7";
                assertInstanceOf(ProtocolException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(
                        message,
                        "the learning rate, the momentum, the weight decay or the layout of the"
                                + " parameters differs; no parameter has changed. retry keeps the rates of this step: set the"
                                + " same values and restore parameters and optimiser of the same step on every rank");
                assertTrue(message.endsWith(" of this rank stands for " + own), message);
                assertArrayEquals(new float[N], parameters[rank]);
                assertTrue(optimizers[rank].isPending());
            }
        } finally {
            CloseHelper.closeAll(optimizers);
        }
    }

    /** Rank 0 learns of the mismatch at its next step. The values of that step are not those behind the hash of the step before. */
    @Test
    void shouldGiveEachHashItsOwnValuesOnALateRank() throws Exception {
        final CountDownLatch othersFailed = new CountDownLatch(2);
        final float[] ones = new float[N];
        Arrays.fill(ones, 1);
        try (LocalJob job = new LocalJob(3, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final int rank = communicator.rank();
                try (Signum signum = new Signum(communicator, N)) {
                    signum.learningRate(0.5f).step(ones, new float[N]);
                    if (rank == 0) {
                        othersFailed.await();
                    }
                    signum.learningRate(rank == 1 ? 0.5f : 0.25f).step(ones, new float[N]);
                } finally {
                    othersFailed.countDown();
                }
            });

            for (int rank = 0; rank < 3; rank++) {
                final String message = errors.get(rank).getMessage();
                assertEquals(2, message.split(" stands for ", -1).length, message);
                assertTrue(message.contains("stands for learning rate=" + (rank == 1 ? 0.5f : 0.25f)), message);
                final String hash = message.substring(message.lastIndexOf("options="));
                final String ofCall = "rank " + (rank == 1 ? 1 : 2) + " calls ";
                final String call = message.substring(message.indexOf(ofCall)).split(", rank|, make")[0];
                assertTrue(call.endsWith(hash.split(" ")[0]), message);
            }
        }
    }

    private static void stepAsync(final Signum signum, final float[] parameters) throws Exception {
        try (OffHeap memory = new OffHeap(8L * N)) {
            try {
                signum.stepAsync(memory.address(), memory.address() + 4L * N).await();
            } finally {
                for (int i = 0; i < N; i++) {
                    parameters[i] = UnsafeApi.getFloat(memory.address() + 4L * (N + i));
                }
            }
        }
    }

    /** The error of the step says that retry keeps its rates, and retry does so. The remedy in both errors lets the ranks continue. */
    @Test
    void shouldStepAgainAfterTheRemedyThatTheErrorsName() throws Exception {
        final float[][] parameters = new float[2][N];
        final byte[][] saved = new byte[2][];
        final float[] ones = new float[N];
        Arrays.fill(ones, 1);
        try (LocalJob job = new LocalJob(2, new Context());
                LocalJob next = new LocalJob(2, new Context());
                Signum first = new Signum(job.rank(0), N);
                Signum second = new Signum(job.rank(1), N)) {
            final Signum[] optimizers = {first, second};
            job.run(communicator -> {
                final int rank = communicator.rank();
                optimizers[rank].learningRate(1).step(ones, parameters[rank]);
                final ByteArrayOutputStream target = new ByteArrayOutputStream();
                optimizers[rank].save(target);
                saved[rank] = target.toByteArray();
            });
            second.learningRate(0.5f);
            job.errors(communicator -> optimizers[communicator.rank()].step(ones, parameters[communicator.rank()]))
                    .forEach(error -> assertInstanceOf(ProtocolException.class, error));
            second.learningRate(1);

            for (final Throwable error : next.errors(communicator ->
                    optimizers[communicator.rank()].retry(communicator, parameters[communicator.rank()]))) {
                assertInstanceOf(ProtocolException.class, error);
                assertEquals(
                        "retry: the rates differ: ranks [0] began step=2 with learning rate=1.0 momentum=0.9 weight"
                                + " decay=0.0, ranks [1] began step=2 with learning rate=0.5 momentum=0.9 weight"
                                + " decay=0.0; set the same rates and restore parameters and optimiser of the same step on"
                                + " every rank",
                        error.getMessage());
            }

            next.run(communicator -> {
                final int rank = communicator.rank();
                optimizers[rank].restore(new ByteArrayInputStream(saved[rank]));
                optimizers[rank].step(ones, parameters[rank]);
            });
            assertEquals(2, first.steps());
            assertEquals(-2, parameters[0][0]);
            assertArrayEquals(parameters[0], parameters[1]);
        }
    }

    /** A schedule that counts other steps on one rank: the first step is alike, the second is not. */
    @Test
    void shouldStopAtTheFirstStepOfAScheduleThatDiffers() throws Exception {
        final float[][] parameters = new float[2][N];
        try (LocalJob job = new LocalJob(2, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final int rank = communicator.rank();
                try (Signum signum = new Signum(communicator, N)) {
                    final float[] gradients = new float[N];
                    Arrays.fill(gradients, 1);
                    for (int epoch = 0; epoch < 3; epoch++) {
                        final int late = rank == 1 && epoch > 0 ? epoch - 1 : epoch;
                        signum.learningRate(1f / (1 + late)).step(gradients, parameters[rank]);
                    }
                }
            });

            assertMessage(errors.get(0), "learning rate=0.5 ");
            assertMessage(errors.get(1), "learning rate=1.0 ");
            assertEquals(-1, parameters[0][0]);
            assertArrayEquals(parameters[0], parameters[1]);
        }
    }

    @Test
    @Tag("gpu")
    void shouldCompareARankOnADeviceWithOneOnTheHost() throws Exception {
        TestDevice.require();
        for (final float other : new float[] {0.5f, 0.25f}) {
            try (LocalJob job = new LocalJob(2, new Context());
                    DeviceCollectives device = DeviceCollectives.open(job.rank(0));
                    DeviceSignum first = new DeviceSignum(device, N).learningRate(0.5f);
                    Signum second = new Signum(job.rank(1), N).learningRate(other);
                    DeviceArrays arrays = new DeviceArrays(device.kernels())) {
                final long g = arrays.of(new float[N]);
                final long x = arrays.of(new float[N]);
                final List<Throwable> errors = job.errors(communicator -> {
                    if (communicator.rank() == 0) {
                        first.step(g, DataType.FLOAT32, x, 0);
                    } else {
                        second.step(new float[N], new float[N]);
                    }
                });

                for (final Throwable error : errors) {
                    assertEquals(other == 0.5f, error == null, () -> String.valueOf(error));
                }
                assertEquals(
                        other == 0.5f ? 0 : 1,
                        errors.stream()
                                .filter(error ->
                                        error != null && error.getMessage().contains(" learning rate=0.25 "))
                                .count());
            }
        }
    }
}
