package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Configuration.PlanKind;
import io.signvote.Context;
import io.signvote.Gathered;
import io.signvote.LocalJob;
import io.signvote.collective.BallotSource;
import io.signvote.error.AbortedException;
import io.signvote.error.DeviceException;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.cuda.TestDevice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ranks that a failure has left at different steps meet again. A letter stands for each rank: P has step 3 pending, C has completed it,
 * N has completed it and has step 4 pending.
 */
class RetryTest {
    private static final int N = 1_001;
    static final int LAST = 3;
    private static final long DEADLINE_S = 50;

    @AfterEach
    void assertClean() {
        TestDevice.assertClean();
    }

    static Stream<String> everyCombination() {
        return IntStream.rangeClosed(2, 4).boxed().flatMap(RetryTest::combinations);
    }

    private static Stream<String> combinations(final int ranks) {
        return ranks == 0
                ? Stream.of("")
                : combinations(ranks - 1).flatMap(states -> Stream.of(states + "P", states + "C", states + "N"));
    }

    @ParameterizedTest
    @MethodSource("everyCombination")
    void shouldBringAllRanksToOneStep(final String states) throws Exception {
        retryAndCompare(states, "H".repeat(states.length()), new Context());
    }

    @ParameterizedTest
    @CsvSource({"PC", "PN", "NPC", "PPN", "CNPP"})
    void shouldBringAllRanksToOneStepWhereOneTallies(final String states) throws Exception {
        retryAndCompare(states, "H".repeat(states.length()), new Context().plan(PlanKind.STAR));
    }

    static Stream<String[]> mixedRanks() {
        return Stream.concat(
                Stream.of("HD", "DH", "DD")
                        .flatMap(kinds -> combinations(2).map(states -> new String[] {states, kinds})),
                Stream.of("HDH", "DHD")
                        .flatMap(kinds -> Stream.of("PPN", "NPC", "PCN", "CPP", "NNP", "PPP")
                                .map(states -> new String[] {states, kinds})));
    }

    /** D is a rank whose optimiser is on a device, H on the host. */
    @ParameterizedTest
    @MethodSource("mixedRanks")
    @Tag("gpu")
    void shouldBringRanksOfBothKindsToOneStep(final String states, final String kinds) throws Exception {
        TestDevice.require();
        retryAndCompare(states, kinds, new Context());
    }

    private static void retryAndCompare(final String states, final String kinds, final Context context)
            throws Exception {
        final int ranks = states.length();
        final Trainee[] expected = new Trainee[ranks];
        try (LocalJob job = new LocalJob(ranks, new Context());
                Scene scene = new Scene(states, kinds, context);
                LocalJob next = new LocalJob(ranks, new Context().plan(context.plan()))) {
            job.run(communicator -> {
                final Trainee trainee = Trainee.onHost(communicator.rank(), N, communicator);
                expected[communicator.rank()] = trainee;
                for (int step = 1; step <= LAST + 2; step++) {
                    trainee.step();
                }
            });

            next.run(communicator -> {
                final Trainee trainee = scene.trainees[communicator.rank()];
                trainee.retry(communicator);
                assertEquals(
                        states.charAt(communicator.rank()) == 'N' ? LAST + 1 : LAST,
                        trainee.optimizer().steps());
                while (trainee.optimizer().steps() < LAST + 2) {
                    trainee.step();
                }
            });

            for (int rank = 0; rank < ranks; rank++) {
                final Trainee trainee = scene.trainees[rank];
                assertArrayEquals(expected[rank].parameters(), trainee.parameters(), "rank " + rank);
                assertArrayEquals(expected[rank].saved(), trainee.saved(), "momentum of rank " + rank);
                assertEquals(
                        expected[rank].optimizer().zeroCount(),
                        trainee.optimizer().zeroCount());
                assertEquals(
                        expected[rank].optimizer().notFiniteCount(),
                        trainee.optimizer().notFiniteCount());
            }
        } finally {
            CloseHelper.closeAll(expected);
        }
    }

    @Test
    void shouldServeTheVerdictOfAStepAtARateOfZero() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context());
                LocalJob next = new LocalJob(2, new Context());
                Signum first = new Signum(job.rank(0), N).learningRate(0);
                Signum second = new Signum(job.rank(1), N).learningRate(0);
                Signum twin = new Signum(job.rank(1), N).learningRate(0)) {
            final float[] g = new float[N];
            Arrays.fill(g, 1);
            final float[] x = new float[N];
            final float[] y = new float[N];
            job.run(communicator -> (communicator.rank() == 0 ? first : twin).step(g, new float[N]));
            breakJob(job);
            assertThrows(VoteException.class, () -> second.step(g, y));

            next.run(communicator -> {
                if (communicator.rank() == 0) {
                    first.retry(communicator, x);
                    first.learningRate(1).step(g, x);
                } else {
                    second.retry(communicator, y);
                    assertArrayEquals(new float[N], y);
                    second.learningRate(1).step(g, y);
                }
            });

            assertEquals(-1, x[0]);
            assertArrayEquals(x, y);
        }
    }

    /** The rates of a step are those that it began with. */
    @Test
    void shouldApplyAServedVerdictAtTheRateOfItsStep() throws Exception {
        try (Scene scene = new Scene("PN", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context())) {
            scene.trainees[0].optimizer().learningRate(77).weightDecay(7);

            next.run(communicator -> {
                final Trainee trainee = scene.trainees[communicator.rank()];
                trainee.retry(communicator);
                if (trainee.optimizer().steps() == LAST) {
                    trainee.step();
                }
            });

            assertArrayEquals(scene.trainees[1].parameters(), scene.trainees[0].parameters());
        }
    }

    @Test
    void shouldTakeTheCommunicatorOverWhereNothingIsPending() throws Exception {
        try (Scene scene = new Scene("CC", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context())) {
            final float[] before = scene.trainees[0].parameters().clone();

            next.run(communicator -> scene.trainees[communicator.rank()].retry(communicator));
            assertArrayEquals(before, scene.trainees[0].parameters());
            next.run(communicator -> scene.trainees[communicator.rank()].step());

            assertArrayEquals(scene.trainees[0].parameters(), scene.trainees[1].parameters());
        }
    }

    /** A rank that has restored the state of the last completed step goes on with the others, but holds no verdict. */
    @Test
    void shouldLetARestoredRankTakePartAndServeByTheNextHolder() throws Exception {
        try (Scene scene = new Scene("CPN", "HHH", new Context());
                LocalJob next = new LocalJob(3, new Context());
                Trainee restored = scene.trainees[0].twin(next.rank(0))) {
            next.run(communicator -> {
                final Trainee trainee = communicator.rank() == 0 ? restored : scene.trainees[communicator.rank()];
                trainee.retry(communicator);
                while (trainee.optimizer().steps() < LAST + 2) {
                    trainee.step();
                }
            });

            assertArrayEquals(restored.parameters(), scene.trainees[1].parameters());
            assertArrayEquals(restored.parameters(), scene.trainees[2].parameters());
        }
    }

    /**
     * Rank 0 fails halfway through the verdict that rank 2 sends. Rank 1 has applied this verdict, and rank 3 is one step ahead. The
     * retry must fail on all of them. Ranks 1 to 3 then continue without rank 0, which has lost the step.
     */
    @Test
    void shouldFailOnEveryRankIfOneCannotApplyAServedVerdict() throws Exception {
        final Faulty faulty = new Faulty();
        try (Scene scene = new Scene("PPCN", "HHHH", new Context());
                LocalJob failing = new LocalJob(4, new Context().kernelDecorator(faulty::before));
                LocalJob without = new LocalJob(3, new Context());
                LocalJob again = new LocalJob(4, new Context())) {
            final Trainee[] trainees = scene.trainees;

            final List<Throwable> errors = failing.errors(communicator -> {
                faulty.isFaulty.set(communicator.rank() == 0);
                trainees[communicator.rank()].retry(communicator);
            });

            assertEquals("no more memory", errors.get(0).getMessage());
            for (final Throwable error : errors.subList(1, 4)) {
                assertInstanceOf(AbortedException.class, error);
                assertEquals(
                        "retry: rank 0 failed while it applied the verdict of step=3: no more memory; connect again"
                                + " without rank 0, or restore parameters and optimiser of the same step on every rank",
                        error.getMessage());
                assertEquals(List.of(0), ((VoteException) error).ranks());
            }
            without.run(communicator -> {
                final Trainee trainee = trainees[communicator.rank() + 1];
                trainee.retry(communicator);
                while (trainee.optimizer().steps() < LAST + 2) {
                    trainee.step();
                }
            });
            assertArrayEquals(trainees[1].parameters(), trainees[2].parameters());
            assertArrayEquals(trainees[1].parameters(), trainees[3].parameters());
            assertAlike(
                    again.errors(communicator -> trainees[communicator.rank()].retry(communicator)),
                    "retry: a rank has lost a step: ranks [0] completed step=2 and lost step=3, ranks [1, 2, 3] completed"
                            + " step=5; restore parameters and optimiser of the same step on every rank",
                    List.of(0));
        }
    }

    @Test
    @Tag("gpu")
    void shouldFailOnEveryRankIfADeviceCannotApplyAServedVerdict() throws Exception {
        TestDevice.requireEmulated();
        try (Scene scene = new Scene("PCN", "DHH", new Context());
                LocalJob failing = new LocalJob(3, new Context())) {
            TestDevice.configure("fail=cuMemcpyHtoDAsync@1:1");

            final List<Throwable> errors =
                    failing.errors(communicator -> scene.trainees[communicator.rank()].retry(communicator));

            assertInstanceOf(DeviceException.class, errors.get(0));
            for (final Throwable error : errors.subList(1, 3)) {
                assertInstanceOf(AbortedException.class, error);
                assertMessage(error, "rank 0 gave up: cuMemcpyHtoDAsync failed");
                assertEquals(List.of(0), ((VoteException) error).ranks());
            }
        }
    }

    /** Rank 0 fails halfway through the verdict of step 3 and keeps a part of it. The lowest rank that keeps all of it serves it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeTheRightVerdictAfterARankFailedWhileItAppliedIt(final boolean isAgain) throws Exception {
        final Faulty faulty = new Faulty();
        try (Scene scene = new Scene("FPC", "HHH", new Context().kernelDecorator(faulty::before), faulty);
                LocalJob all = new LocalJob(3, new Context());
                LocalJob without = new LocalJob(2, new Context())) {
            final Trainee[] trainees = scene.trainees;
            if (isAgain) {
                assertRefused(
                        all,
                        "retry: a rank has lost a step: ranks [0] completed step=2 and lost step=3, ranks [1] completed"
                                + " step=2 and have step=3 pending, ranks [2] completed step=3; restore parameters and",
                        List.of(0),
                        trainees);
            }

            without.run(communicator -> {
                final Trainee trainee = trainees[communicator.rank() + 1];
                trainee.retry(communicator);
                trainee.step();
            });

            assertArrayEquals(trainees[2].parameters(), trainees[1].parameters());
        }
    }

    @Test
    void shouldRefuseOnEveryRankWhereNobodyKeepsTheVerdict() throws Exception {
        try (Scene scene = new Scene("CP", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context());
                Trainee restored = scene.trainees[0].twin(next.rank(0))) {
            assertRefused(
                    next,
                    "retry: no rank keeps the verdict of step=3: ranks [0] completed step=3, ranks [1] completed step=2"
                            + " and have step=3 pending; restore parameters and optimiser of the same step on every rank",
                    List.of(1),
                    restored,
                    scene.trainees[1]);
        }
    }

    /** The older state is named, nothing has changed, and the same communicator serves after all have restored it. */
    @Test
    void shouldNameARankThatRestoredAnOlderStateAndGoOnAfterAllHave() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context());
                LocalJob next = new LocalJob(3, new Context());
                Trainee first = Trainee.onHost(0, N, job.rank(0));
                Trainee second = Trainee.onHost(1, N, job.rank(1));
                Trainee third = Trainee.onHost(2, N, job.rank(2))) {
            final Trainee[] trainees = {first, second, third};
            job.run(communicator -> trainees[communicator.rank()].step());
            final float[] oldParameters = first.parameters().clone();
            final byte[][] old = {first.saved(), second.saved(), third.saved()};
            job.run(communicator -> trainees[communicator.rank()].step());
            job.run(communicator -> trainees[communicator.rank()].step());
            breakJob(job);
            assertThrows(VoteException.class, first::step);
            restore(second, oldParameters, old[1]);

            assertRefused(
                    next,
                    "retry: the ranks are too far apart: ranks [0] completed step=3 and have step=4 pending, ranks [1]"
                            + " completed step=1, ranks [2] completed step=3; restore parameters and optimiser",
                    List.of(1),
                    trainees);

            restore(first, oldParameters, old[0]);
            restore(third, oldParameters, old[2]);
            next.run(communicator -> {
                trainees[communicator.rank()].step();
                trainees[communicator.rank()].step();
            });
            assertEquals(3, first.optimizer().steps());
            assertArrayEquals(first.parameters(), second.parameters());
            assertArrayEquals(first.parameters(), third.parameters());
        }
    }

    private static void restore(final Trainee trainee, final float[] parameters, final byte[] saved) throws Exception {
        System.arraycopy(parameters, 0, trainee.parameters(), 0, N);
        trainee.optimizer().restore(new ByteArrayInputStream(saved));
    }

    /** A rank that lacked step 3 without having begun it would keep a momentum without that gradient. */
    @Test
    void shouldRefuseARankThatIsBehindAndHasNotBegun() throws Exception {
        try (Scene scene = new Scene("CC", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context());
                Trainee late = Trainee.onHost(1, N, next.rank(1))) {
            late.optimizer().restore(new ByteArrayInputStream(stateOfStep(LAST - 1)));

            assertRefused(
                    next,
                    "retry: the ranks are too far apart: ranks [0] completed step=3, ranks [1] completed step=2;",
                    List.of(1),
                    scene.trainees[0],
                    late);
        }
    }

    private static byte[] stateOfStep(final int step) throws Exception {
        try (LocalJob alone = new LocalJob(1, new Context());
                Trainee trainee = Trainee.onHost(0, N, alone.rank(0))) {
            for (int i = 0; i < step; i++) {
                trainee.step();
            }
            return trainee.saved();
        }
    }

    @Test
    void shouldRefuseRanksOfOtherCountsLayoutsAndRates() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context());
                Signum small = new Signum(job.rank(0), 64);
                Signum large = new Signum(job.rank(1), 65)) {
            final List<Throwable> errors = job.errors(
                    communicator -> (communicator.rank() == 0 ? small : large).retry(communicator, new float[65]));
            assertAlike(
                    errors,
                    "retry: the counts differ: ranks [0] have count=64, ranks [1] have count=65; make the",
                    List.of(0, 1));
        }
        try (LocalJob job = new LocalJob(2, new Context());
                Signum first = new Signum(job.rank(0), 64).layout(7);
                Signum second = new Signum(job.rank(1), 64).layout(8)) {
            final List<Throwable> errors = job.errors(
                    communicator -> (communicator.rank() == 0 ? first : second).retry(communicator, new float[64]));
            assertAlike(
                    errors,
                    "retry: the layouts differ: ranks [0] have layout=7, ranks [1] have layout=8; make the",
                    List.of(0, 1));
        }
        try (LocalJob broken = new LocalJob(2, new Context());
                LocalJob job = new LocalJob(2, new Context());
                Signum first = new Signum(broken.rank(0), 64).learningRate(0.5f);
                Signum second = new Signum(broken.rank(1), 64).learningRate(0.25f)) {
            breakJob(broken);
            assertThrows(VoteException.class, () -> first.step(new float[64], new float[64]));
            assertThrows(VoteException.class, () -> second.step(new float[64], new float[64]));
            final List<Throwable> errors = job.errors(
                    communicator -> (communicator.rank() == 0 ? first : second).retry(communicator, new float[64]));
            assertAlike(
                    errors,
                    "retry: the rates differ: ranks [0] began step=1 with learning rate=0.5 momentum=0.9 weight"
                            + " decay=0.0, ranks [1] began step=1 with learning rate=0.25 momentum=0.9",
                    List.of(0, 1));
        }
    }

    @Test
    void shouldNameARankThatCallsAllGatherAndNotRetry() throws Exception {
        try (Scene scene = new Scene("CC", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context());
                Gathered other = new Gathered(2 * Standing.LENGTH)) {
            final Throwable error = next.errors(communicator -> {
                        if (communicator.rank() == 0) {
                            scene.trainees[0].retry(communicator);
                        } else {
                            communicator.allGather(new float[10], other);
                        }
                    })
                    .get(0);

            assertInstanceOf(ProtocolException.class, error);
            assertEquals("retry: rank 1 sent 40 bytes, expected 96, call retry on every rank", error.getMessage());
            assertEquals(List.of(1), ((VoteException) error).ranks());
        }
    }

    /**
     * Rank 0 completed step 3 and was left out. The others voted on it again, without rank 0. The two verdicts may differ: rank 0 must not
     * come back as if nothing had happened, neither at the same step nor one step behind.
     */
    @ParameterizedTest
    @CsvSource({"0, C", "0, N", "1, N"})
    void shouldRefuseARankThatCompletedAStepInAnotherGroup(final int further, final char state) throws Exception {
        try (Scene scene = new Scene(state + "PP", "HHH", new Context());
                LocalJob without = new LocalJob(2, new Context());
                LocalJob again = new LocalJob(3, new Context())) {
            without.run(communicator -> {
                final Trainee trainee = scene.trainees[1 + communicator.rank()];
                trainee.retry(communicator);
                for (int step = 0; step < further; step++) {
                    trainee.step();
                }
            });

            assertRefused(
                    again,
                    "retry: the ranks completed step=3 in different groups, so their parameters may differ: ranks [0] were in"
                            + " group 1, ranks [1, 2] were in group ",
                    List.of(0, 1, 2),
                    scene.trainees);
        }
    }

    @Test
    void shouldRefuseASaveWhilePendingAndTakeItAfterTheVerdictCame() throws Exception {
        try (Scene scene = new Scene("PC", "HH", new Context());
                LocalJob next = new LocalJob(2, new Context())) {
            final SignOptimizer<?> optimizer = scene.trainees[0].optimizer();
            assertTrue(optimizer.isPending());
            assertThrows(IllegalStateException.class, () -> optimizer.save(new ByteArrayOutputStream()));

            next.run(communicator -> scene.trainees[communicator.rank()].retry(communicator));

            assertTrue(!optimizer.isPending());
            assertNotNull(scene.trainees[0].saved());
            assertArrayEquals(scene.trainees[0].parameters(), scene.trainees[1].parameters());
        }
    }

    private static void assertRefused(
            final LocalJob job, final String fact, final List<Integer> toBlame, final Trainee... trainees)
            throws Exception {
        final float[][] before = new float[trainees.length][];
        for (int rank = 0; rank < trainees.length; rank++) {
            before[rank] = trainees[rank].parameters().clone();
        }
        assertAlike(job.errors(communicator -> trainees[communicator.rank()].retry(communicator)), fact, toBlame);
        for (int rank = 0; rank < trainees.length; rank++) {
            assertArrayEquals(before[rank], trainees[rank].parameters());
        }
        job.run(Communicator::barrier);
    }

    private static void assertAlike(final List<Throwable> errors, final String fact, final List<Integer> toBlame) {
        for (final Throwable error : errors) {
            assertInstanceOf(ProtocolException.class, error);
            assertTrue(error.getMessage().startsWith(fact), error.getMessage());
            assertEquals(errors.get(0).getMessage(), error.getMessage());
            assertEquals(toBlame, ((VoteException) error).ranks());
        }
    }

    /** Every later call on it throws. */
    static void breakJob(final LocalJob job) throws Exception {
        job.errors(communicator -> communicator.vote(new Broken(), (words, count) -> {}, 1, 0))
                .forEach(error -> assertNotNull(error));
    }

    private static final class Broken implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {}
    }

    /** Kernels that fail on some threads, halfway through a verdict that they apply. */
    private static final class Faulty {
        private final ThreadLocal<Boolean> isFaulty = ThreadLocal.withInitial(() -> false);
        private volatile CountDownLatch others = new CountDownLatch(0);

        Kernels before(final Kernels kernels) {
            return (Kernels) Proxy.newProxyInstance(
                    Faulty.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, args) -> {
                        if (method.getName().equals("applySigns") && isFaulty.get()) {
                            assertTrue(others.await(DEADLINE_S, TimeUnit.SECONDS));
                            args[2] = (int) args[2] / 2 & -64;
                            method.invoke(kernels, args);
                            throw new IllegalStateException("no more memory");
                        }
                        return method.invoke(kernels, args);
                    });
        }
    }

    /**
     * Ranks in the states of a failed job. If a rank has step 3 pending, a twin has voted in its place and has died. F is a rank that
     * failed to apply the verdict of step 3, after the others had completed that step.
     */
    static final class Scene implements AutoCloseable {
        final Trainee[] trainees;
        private final LocalJob job;

        Scene(final String states, final String kinds, final Context context) throws Exception {
            this(states, kinds, context, new Faulty());
        }

        private Scene(final String states, final String kinds, final Context context, final Faulty faulty)
                throws Exception {
            final int ranks = states.length();
            trainees = new Trainee[ranks];
            job = new LocalJob(ranks, context);
            job.run(communicator -> {
                final int rank = communicator.rank();
                trainees[rank] = kinds.charAt(rank) == 'D'
                        ? Trainee.onDevice(rank, N, communicator)
                        : Trainee.onHost(rank, N, communicator);
                for (int step = 1; step < LAST; step++) {
                    trainees[rank].step();
                }
            });
            faulty.others = new CountDownLatch(
                    (int) states.chars().filter(state -> state != 'F').count());
            job.run(communicator -> {
                final Trainee trainee = trainees[communicator.rank()];
                if (states.charAt(communicator.rank()) == 'F') {
                    faulty.isFaulty.set(true);
                    assertThrows(IllegalStateException.class, trainee::step);
                    return;
                }
                if (states.charAt(communicator.rank()) == 'P') {
                    try (Trainee twin = trainee.twin(communicator)) {
                        twin.step();
                    }
                } else {
                    trainee.step();
                }
                faulty.others.countDown();
            });
            breakJob(job);
            job.run(communicator -> {
                final Trainee trainee = trainees[communicator.rank()];
                if (states.charAt(communicator.rank()) != 'C' && states.charAt(communicator.rank()) != 'F') {
                    assertThrows(VoteException.class, trainee::step);
                }
            });
        }

        @Override
        public void close() {
            CloseHelper.closeAll(trainees);
            job.close();
        }
    }
}
