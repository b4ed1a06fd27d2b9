package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.MortalJob;
import io.signvote.MortalJob.Fate;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ranks die one after another while they step and while they retry. The survivors connect, retry and train on, and end with the same bits.
 * {@code -Dsignvote.test.seed=S} runs the one trial S, {@code -Dsignvote.test.deaths=D} makes D deaths or a few more.
 */
class RetryDeathTest {
    private static final int N = 3_001;
    private static final int STEPS = 12;
    private static final int RANKS = 5;
    private static final int SURVIVORS = 2;
    private static final long DEADLINE_S = 50;

    private static ExecutorService threads;

    @BeforeAll
    static void open() {
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void close() {
        threads.shutdownNow();
    }

    @Test
    void shouldEndWithTheSameBitsWhereverRanksDie() throws Exception {
        final int most = Integer.getInteger("signvote.test.deaths", 100);
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        int deaths = 0;
        int apart = 0;
        for (long seed = first; deaths < most && (only == null || seed == first); seed++) {
            final Random random = new Random(seed);
            final Trainee[] trainees = new Trainee[RANKS];
            try (Communicator alone = Communicator.createLocal(1)[0]) {
                for (int number = 0; number < RANKS; number++) {
                    trainees[number] = Trainee.onHost(number, N, alone);
                }
                final Group group = new Group(
                        trainees,
                        size -> size == SURVIVORS
                                ? Fate.NONE
                                // some within a retry, the others within the steps after it
                                : Fate.random(random, size, random.nextBoolean() ? 40 : 400));
                group.train(STEPS);
                deaths += group.deaths;
                apart += group.apart;
            } catch (final Throwable e) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, e);
            } finally {
                CloseHelper.closeAll(trainees);
            }
        }
        assertTrue(only != null || apart > 0, "no death has left the survivors at different steps");
    }

    /** The letters are those of {@link RetryTest}. A rank dies at each frame that it sends in the retry and the steps after it. */
    @ParameterizedTest
    @CsvSource({"NPP, 0", "NPP, 1", "PNN, 0", "PNN, 1", "PNN, 2", "CPN, 0", "CPN, 1", "CPN, 2"})
    void shouldRetryAgainWhereverARankDiesInsideOfARetry(final String states, final int victim) throws Exception {
        final int ranks = states.length();
        int deaths = 0;
        for (int frames = 0; frames < 30; frames++) {
            final int deaf = frames * 5 + victim;
            for (int lastFrames = 0; lastFrames < 3; lastFrames++) {
                final Fate fate = new Fate(victim, frames, lastFrames, deaf & 7);
                try (RetryTest.Scene scene = new RetryTest.Scene(states, "H".repeat(ranks), new Context())) {
                    final Group group = new Group(scene.trainees, size -> size == ranks ? fate : Fate.NONE);
                    group.train(RetryTest.LAST + 2);
                    deaths += group.deaths;
                } catch (final Throwable e) {
                    throw new AssertionError(fate.toString(), e);
                }
            }
        }
        assertTrue(deaths > 30, "only " + deaths + " deaths");
    }

    /** Ranks on threads of their own, which meet over a new communicator after each death. */
    private static final class Group {
        private final IntFunction<Fate> fates;
        private final Trainee[] trainees;
        private final List<Integer> living = new ArrayList<>();
        private int[] rankOf;
        private MortalJob job;
        private int connections;
        private int failed;
        private int done;
        private int deaths;
        private int apart;
        private Throwable error;

        Group(final Trainee[] trainees, final IntFunction<Fate> fates) {
            this.trainees = trainees;
            this.fates = fates;
            for (int number = 0; number < trainees.length; number++) {
                living.add(number);
            }
            connect();
        }

        /** Trains until all who live have made the steps; their parameters are equal then. */
        void train(final int steps) throws Exception {
            final List<Future<?>> futures = new ArrayList<>();
            for (final Trainee trainee : trainees) {
                futures.add(threads.submit(() -> {
                    try {
                        train(trainee, steps);
                    } catch (final Throwable e) {
                        end(e);
                    }
                }));
            }
            for (final Future<?> future : futures) {
                future.get(DEADLINE_S, TimeUnit.SECONDS);
            }
            if (error != null) {
                throw new AssertionError(error);
            }
            final Trainee first = trainees[living.get(0)];
            for (final int number : living) {
                assertEquals(steps, trainees[number].optimizer().steps());
                assertArrayEquals(first.parameters(), trainees[number].parameters(), "parameters of " + number);
            }
        }

        private void train(final Trainee trainee, final int steps) throws InterruptedException {
            MortalJob current = job();
            while (current != null) {
                final int rank = rankOf(trainee);
                try (Communicator communicator = current.rank(rank)) {
                    trainee.retry(communicator);
                    while (trainee.optimizer().steps() < steps) {
                        trainee.step();
                    }
                    current.end(rank);
                    current = meet(true);
                } catch (final ProtocolException e) {
                    throw e;
                } catch (final VoteException e) {
                    current = meet(false);
                } catch (final MortalJob.Death e) {
                    die(trainee);
                    return;
                }
            }
        }

        private synchronized MortalJob job() {
            return job;
        }

        private synchronized int rankOf(final Trainee trainee) {
            return rankOf[trainee.number];
        }

        /** Waits for all who live. Gives another job where a rank has failed, null where all are done. */
        private synchronized MortalJob meet(final boolean isDone) throws InterruptedException {
            final int current = connections;
            done += isDone ? 1 : 0;
            failed += isDone ? 0 : 1;
            connectIfAllAreHere();
            while (current == connections && error == null) {
                wait();
            }
            return error == null ? job : null;
        }

        private synchronized void end(final Throwable e) {
            error = e;
            notifyAll();
        }

        private synchronized void die(final Trainee trainee) {
            living.remove((Integer) trainee.number);
            deaths++;
            connectIfAllAreHere();
        }

        private void connectIfAllAreHere() {
            if (failed + done < living.size()) {
                return;
            }
            if (failed == 0) {
                job = null;
                connections++;
            } else {
                final long distinct = living.stream()
                        .map(number -> trainees[number].optimizer())
                        .map(optimizer -> optimizer.steps() - (optimizer.isPending() ? 1 : 0))
                        .distinct()
                        .count();
                apart += distinct > 1 ? 1 : 0;
                connect();
            }
            notifyAll();
        }

        private void connect() {
            failed = 0;
            done = 0;
            job = new MortalJob(living.size(), new Context(), fates.apply(living.size()));
            rankOf = new int[trainees.length];
            for (int rank = 0; rank < living.size(); rank++) {
                rankOf[living.get(rank)] = rank;
            }
            connections++;
        }
    }
}
