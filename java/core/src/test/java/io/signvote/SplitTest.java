package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.BallotSource;
import io.signvote.error.ConfigurationException;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Splits of ranks of one process. */
class SplitTest extends SplitsInProcess {
    private static final int RANKS = 5;
    private static final int COUNT = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldGroupByColorAndOrderByKeyThenRank(final String plan) throws Exception {
        start(RANKS, plan);

        final List<List<Integer>> places = onAll(rank -> {
            // even and odd ranks; rank 0 and rank 2 have equal keys, rank 4 comes before both
            final Communicator split =
                    rank.split(rank.rank() % 2, rank.rank() == 4 ? -7 : rank.rank() % 2 * -rank.rank());
            final List<Integer> worldRanks = new ArrayList<>();
            for (int i = 0; i < split.size(); i++) {
                worldRanks.add(split.worldRank(i));
            }
            assertEquals(rank.rank(), split.worldRank(split.rank()));
            assertEquals(worldRanks.stream().mapToInt(i -> i + 1).sum(), sum(split, rank.rank() + 1));
            return worldRanks;
        });

        assertEquals(
                List.of(List.of(4, 0, 2), List.of(3, 1), List.of(4, 0, 2), List.of(3, 1), List.of(4, 0, 2)), places);
    }

    @Test
    void shouldGiveNothingForNoColor() throws Exception {
        start(3, "sharded");

        final List<Integer> sizes = onAll(rank -> {
            final Communicator split = rank.split(rank.rank() == 1 ? Communicator.NO_COLOR : 7, 0);
            assertEquals(rank.rank() == 1, split == null);
            assertEquals(6, sum(rank, rank.rank() + 1));
            return split == null ? 0 : (int) sum(split, 1);
        });

        assertEquals(List.of(2, 0, 2), sizes);
        assertNull(onAll(rank -> rank.split(Communicator.NO_COLOR, 0)).get(0));
    }

    @Test
    void shouldSplitIntoSingleRanksAndSplitTheSplits() throws Exception {
        start(4, "sharded");

        onAll(rank -> {
            final Communicator alone = rank.split(rank.rank(), 0);
            assertEquals(1, alone.size());
            assertEquals(0, alone.rank());
            assertEquals(rank.rank(), alone.worldRank(0));
            assertEquals(3, sum(alone, 3));
            alone.barrier();

            final Communicator half = rank.split(rank.rank() / 2, -rank.rank());
            final Communicator again = half.split(0, -half.rank());
            assertEquals(2, again.size());
            assertEquals(rank.rank(), again.worldRank(again.rank()));
            assertEquals(1 - half.rank(), again.rank());
            assertEquals(2, sum(again, 1));
            assertEquals(2, sum(half, 1));
            assertEquals(4, sum(rank, 1));
            final Communicator single = again.split(again.rank(), 0);
            assertEquals(rank.rank(), single.worldRank(0));
            assertThrows(IndexOutOfBoundsException.class, () -> single.worldRank(1));
            return null;
        });
    }

    @Test
    void shouldRunTwoSplitsAtOnceOnTwoThreads() throws Exception {
        start(4, "sharded");

        onAll(rank -> {
            final Communicator row = rank.split(rank.rank() / 2, 0);
            final Communicator column = rank.split(rank.rank() % 2, 0);
            final Future<?> other = threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    assertEquals(rank.rank() / 2 * 4 + 1, sum(row, rank.rank()));
                }
            });
            for (int i = 0; i < 200; i++) {
                assertEquals(rank.rank() % 2 * 2 + 2, sum(column, rank.rank()));
            }
            other.get(DEADLINE_S, TimeUnit.SECONDS);
            final Work first = row.barrierAsync();
            final Work second = column.barrierAsync();
            rank.barrier();
            first.await();
            second.await();
            return null;
        });
    }

    @Test
    void shouldShareOneProgressThreadUntilTheLastCommunicatorCloses() throws Exception {
        start(7, "sharded");
        final List<Communicator> splits = onAll(rank -> rank.split(0, 0));
        assertEquals(0, threads("signvote-progress-6"));

        onAll(rank -> {
            final Communicator split = splits.get(rank.rank());
            for (int i = 0; i < 100; i++) {
                final Work first = rank.barrierAsync();
                final Work second = split.barrierAsync();
                while (!first.isDone() || !second.isDone()) {
                    Thread.onSpinWait();
                }
            }
            return null;
        });

        assertEquals(1, threads("signvote-progress-6"));
        assertEquals(1, threads("signvote-commit-6"));
        splits.get(6).close();
        onAll(rank -> rank.barrierAsync().await(DEADLINE_S, TimeUnit.SECONDS));
        assertEquals(1, threads("signvote-progress-6"));
        world[6].close();
        awaitNo("signvote-progress-6");
        awaitNo("signvote-commit-6");
    }

    /** The progress thread owns the parent when a sink of the split begins, and that sink takes long. */
    @Test
    void shouldDriveTheParentWhileASinkOfASplitIsBusy() throws Exception {
        start(2, "sharded");
        final CountDownLatch isBusy = new CountDownLatch(1);
        final CountDownLatch isOver = new CountDownLatch(1);

        onAll(rank -> {
            final Communicator split = rank.split(0, 0);
            final boolean isFirst = rank.rank() == 0;
            final Work early = isFirst ? rank.barrierAsync() : null;
            final Work vote = split.voteAsync(
                    new Positive(),
                    (words, count) -> {
                        if (isFirst) {
                            isBusy.countDown();
                            assertTrue(await(isOver));
                        }
                    },
                    64,
                    1);
            assertTrue(await(isBusy));
            if (isFirst) {
                early.await();
                isOver.countDown();
            } else {
                rank.barrier();
            }
            vote.await();
            return null;
        });
    }

    @Test
    void shouldDrawOtherLotsInEachCommunicator() throws Exception {
        start(2, "sharded");
        final Set<Long> numbers = ConcurrentHashMap.newKeySet();

        onAll(rank -> {
            final List<Communicator> all =
                    new ArrayList<>(List.of(rank, rank.split(0, 0), rank.split(0, 0), rank.split(3, 0)));
            all.add(all.get(1).split(0, 0));
            all.add(all.get(2).split(0, 0));
            final Set<String> ties = new HashSet<>();
            final Set<String> zeros = new HashSet<>();
            for (final Communicator communicator : all) {
                assertEquals(2, communicator.size());
                // all tied: only the lots decide, and both ranks agree on them
                final float[] tied = new float[COUNT];
                Arrays.fill(tied, rank.rank() == 0 ? 1 : -1);
                communicator.allReduce(tied, tied, ReduceOp.MAJORITY);
                ties.add(Arrays.toString(tied));
                // all zeros: each rank votes by its lots
                final float[] zero = new float[COUNT];
                communicator.allReduce(zero, zero, ReduceOp.MAJORITY);
                zeros.add(Arrays.toString(zero));
                numbers.add(communicator.number());
                assertTrue(same(rank, tied) && same(rank, zero));
            }
            assertEquals(all.size(), ties.size());
            assertEquals(all.size(), zeros.size());
            return null;
        });

        assertEquals(6, numbers.size());
        assertTrue(numbers.contains(Communicator.WORLD));
    }

    /** Votes for +1. */
    private static final class Positive implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            UnsafeApi.putLong(words, 0);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            fill(coordinate, count, words);
        }
    }

    private static boolean await(final CountDownLatch latch) {
        try {
            return latch.await(DEADLINE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long threads(final String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    private static void awaitNo(final String name) {
        final long startNs = System.nanoTime();
        while (threads(name) > 0) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S), name);
            Thread.onSpinWait();
        }
    }

    /** Two splits with equal count and color, of two disjoint parents. */
    @Test
    void shouldNumberSplitsOfDifferentParentsDifferently() throws Exception {
        start(4, "sharded");

        final List<Long> numbers =
                onAll(rank -> rank.split(rank.rank() / 2, 0).split(0, 0).number());

        assertEquals(numbers.get(0), numbers.get(1));
        assertEquals(numbers.get(2), numbers.get(3));
        assertNotEquals(numbers.get(0), numbers.get(2));
    }

    @Test
    void shouldRefuseAColorOfThisRankBeforeAnythingIsSent() throws Exception {
        start(2, "sharded");

        assertMessage(
                assertThrows(ConfigurationException.class, () -> world[0].split(-2, 0))
                        .getMessage(),
                "color=-2",
                "Communicator.NO_COLOR");

        assertEquals(List.of(2f, 2f), onAll(rank -> sum(rank.split(0, 0), 1)));
    }

    @Test
    void shouldKeepTheParentWhenASplitCloses() throws Exception {
        start(3, "sharded");

        onAll(rank -> {
            final Communicator split = rank.split(0, 0);
            assertEquals(3, sum(split, 1));
            split.close();
            split.close();
            assertThrows(IllegalStateException.class, split::barrier);
            assertThrows(IllegalStateException.class, () -> split.split(0, 0));
            assertEquals(3, sum(rank, 1));
            assertEquals(3, sum(rank.split(0, 0), 1));
            return null;
        });
    }

    @Test
    void shouldCloseSplitsOfAParentThatCloses() throws Exception {
        start(3, "sharded");

        onAll(rank -> {
            final Communicator split = rank.split(0, 0);
            final Communicator again = split.split(0, 0);
            final Communicator other = rank.split(1, 0);
            rank.barrier();
            rank.close();
            for (final Communicator closed : List.of(split, again, other)) {
                assertMessage(
                        assertThrows(IllegalStateException.class, closed::barrier)
                                .getMessage(),
                        "communicator is closed");
                assertNull(closed.failure());
            }
            assertThrows(IllegalStateException.class, () -> rank.split(0, 0));
            return null;
        });
    }
}
