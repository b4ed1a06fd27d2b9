package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainTest {
    private static final long COUNT = 10_007;
    private static final long SEED = 5;

    @ParameterizedTest
    @EnumSource
    void shouldFindNothingWrongInAnyContender(final Contender contender) throws Exception {
        for (final int worldSize : new int[] {1, 2, 3}) {
            for (final boolean isInPlace : new boolean[] {false, true}) {
                for (final Measurement measured : run(worldSize, contender, isInPlace, true, SEED)) {
                    assertEquals(0, measured.wrong(), contender + " worldSize=" + worldSize + " inPlace=" + isInPlace);
                    assertTrue(measured.timeUs() > 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindWhatAStrayRankMakesWrong(final Contender contender) throws Exception {
        for (final boolean isInPlace : new boolean[] {false, true}) {
            final List<Measurement> measured = run(3, contender, isInPlace, true, SEED + 1);

            assertTrue(
                    measured.get(0).wrong() > COUNT / 10,
                    contender + " wrong=" + measured.get(0).wrong());
            assertEquals(measured.get(0).wrong(), measured.get(2).wrong());
        }
    }

    @Test
    void shouldNumberItsCallsAsTheCommunicatorDoes() throws Exception {
        final Communicator[] communicators = Communicator.createLocal(2);
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<?>> running = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                running.add(threads.submit(() -> {
                    try (communicator) {
                        final Train train = new Train(communicator, SEED, 1, 2, true, null, 1);
                        // of two ranks' votes every other coordinate is tied: the lots of another call show
                        for (final Contender contender : Contender.values()) {
                            assertEquals(0, train.run(contender, COUNT, false).wrong(), contender + " out of place");
                            assertEquals(0, train.run(contender, COUNT, true).wrong(), contender + " in place");
                        }
                    }
                    return null;
                }));
            }
            for (final Future<?> each : running) {
                each.get(50, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSayWhenNobodyChecked() throws Exception {
        assertEquals(-1, run(2, Contender.BITS, false, false, SEED).get(0).wrong());
    }

    /** Rank 0 draws its contribution from a seed of its own. */
    private static List<Measurement> run(
            final int worldSize,
            final Contender contender,
            final boolean isInPlace,
            final boolean isChecked,
            final long seedOfRank0)
            throws Exception {
        final Communicator[] communicators = Communicator.createLocal(worldSize);
        final ExecutorService threads = Executors.newFixedThreadPool(worldSize);
        try {
            final List<Future<Measurement>> running = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                running.add(threads.submit(() -> {
                    try (communicator) {
                        final long seed = communicator.rank() == 0 ? seedOfRank0 : SEED;
                        return new Train(communicator, seed, 1, 2, isChecked, null, 1).run(contender, COUNT, isInPlace);
                    }
                }));
            }
            final List<Measurement> measured = new ArrayList<>();
            for (final Future<Measurement> each : running) {
                measured.add(each.get(50, TimeUnit.SECONDS));
            }
            return measured;
        } finally {
            threads.shutdownNow();
        }
    }
}
