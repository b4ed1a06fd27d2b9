package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.Work;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.error.AbortedException;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Asynchronous steps. */
class SignumAsyncTest {
    private static final int COUNT = 40_013;

    @Test
    void shouldGiveTheBitsOfBlockingSteps() throws Exception {
        final float[][] blocking = parameters(false);
        final float[][] open = parameters(true);

        for (int rank = 0; rank < 3; rank++) {
            assertArrayEquals(blocking[rank], open[rank]);
        }
    }

    private static float[][] parameters(final boolean isAsynchronous) throws Exception {
        final float[][] parameters = new float[3][COUNT];
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                try (Memory memory = new Memory();
                        Signum signum = new Signum(communicator, COUNT)
                                .learningRate(0.01f)
                                .weightDecay(0.1f)) {
                    for (int step = 0; step < 5; step++) {
                        memory.fill(rank, step);
                        if (isAsynchronous) {
                            final Work work = signum.stepAsync(memory.gradients(), memory.parameters());
                            // the step goes by the rates of its beginning
                            signum.learningRate(0.01f * (step + 2));
                            work.await();
                        } else {
                            signum.step(memory.gradients(), memory.parameters());
                            signum.learningRate(0.01f * (step + 2));
                        }
                    }
                    assertEquals(5, signum.steps());
                    HeapArrays.copy(memory.parameters(), parameters[rank], COUNT);
                }
            });
        }
        return parameters;
    }

    @Test
    void shouldRefuseTheOptimiserWhileAStepIsOpen() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context());
                Memory memory = new Memory();
                Signum signum = new Signum(job.rank(0), COUNT);
                Signum other = new Signum(job.rank(1), COUNT)) {
            final Work open = signum.stepAsync(memory.gradients(), memory.parameters());

            assertFalse(open.isDone());
            assertOpen(() -> signum.stepAsync(memory.gradients(), memory.parameters()));
            assertOpen(() -> signum.step(memory.gradients(), memory.parameters()));
            assertOpen(() -> signum.retry(job.rank(0), memory.parameters()));
            assertOpen(signum::close);
            assertEquals(1, signum.steps());

            other.stepAsync(memory.gradients(), memory.parameters()).await();
            open.await();
            assertFalse(signum.isPending());
        }
    }

    private static void assertOpen(final Executable use) {
        final IllegalStateException error = assertThrows(IllegalStateException.class, use);
        assertEquals("step=1 is open, wait for its Work first", error.getMessage());
    }

    /** A call that is open writes the gradients: the step would read them half written. */
    @Test
    void shouldRefuseGradientsThatAnOpenCallWrites() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context());
                Memory memory = new Memory();
                Signum signum = new Signum(job.rank(0), COUNT)) {
            final long g = memory.gradients();
            final Work open = job.rank(0).allReduceAsync(g, g, COUNT, DataType.FLOAT32, ReduceOp.SUM);

            final ConfigurationException error =
                    assertThrows(ConfigurationException.class, () -> signum.stepAsync(g, memory.parameters()));

            assertMessage(error, "use the same memory");
            assertEquals(0, signum.steps());
            assertFalse(signum.isPending());
            final Work other = job.rank(1).allReduceAsync(g, g, COUNT, DataType.FLOAT32, ReduceOp.SUM);
            open.await();
            // it writes the memory that is freed after this test
            other.await();
        }
    }

    /** The momentum of a step that failed is advanced everywhere when its work is done, so that a retry gives the bits of a step. */
    @Test
    void shouldRetryAnAsynchronousStepThatFailed() throws Exception {
        final float[][] parameters = new float[2][COUNT];
        try (LocalJob job = new LocalJob(2, new Context());
                LocalJob next = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final int rank = communicator.rank();
                final Communicator second = next.rank(rank);
                try (Memory memory = new Memory();
                        Signum signum = new Signum(communicator, COUNT);
                        Memory untouched = new Memory();
                        Signum expected = new Signum(second, COUNT)) {
                    memory.fill(rank, 1);
                    untouched.fill(rank, 1);
                    if (rank == 1) {
                        communicator.abort("stop");
                    }
                    assertThrows(
                            AbortedException.class,
                            () -> signum.stepAsync(memory.gradients(), memory.parameters())
                                    .await());
                    assertTrue(signum.isPending());
                    memory.spoilGradients();
                    signum.retry(second, memory.parameters());
                    expected.step(untouched.gradients(), untouched.parameters());
                    HeapArrays.copy(memory.parameters(), parameters[rank], COUNT);
                    final float[] right = new float[COUNT];
                    HeapArrays.copy(untouched.parameters(), right, COUNT);
                    assertArrayEquals(right, parameters[rank]);
                }
            });
        }
    }

    private static final class Memory implements AutoCloseable {
        private final OffHeap memory = new OffHeap(8L * COUNT);

        long gradients() {
            return memory.address();
        }

        long parameters() {
            return memory.address() + 4L * COUNT;
        }

        void fill(final int rank, final int step) {
            final Random random = new Random(rank * 100L + step);
            final float[] values = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            HeapArrays.copy(values, gradients(), COUNT);
        }

        void spoilGradients() {
            HeapArrays.copy(new float[COUNT], gradients(), COUNT);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
