package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains of every collective, type and reduction over a job in one process. */
class TrainTest {
    private static final long COUNT = 3_001;
    private static final long SEED = 5;

    private static List<Contender> contenders(final int worldSize) {
        final Stream<String> names = Arrays.stream(PerfCollective.values()).map(PerfCollective::spelling);
        return names.map(name -> Selection.of(name, "all", "all", "all", null))
                .flatMap(selection -> selection.groups(worldSize).stream())
                .flatMap(List::stream)
                .toList();
    }

    /** A communicator has all trains, so it also numbers their calls as the trains do: the lots of another call show. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldFindNothingWrongInAnyContender(final int worldSize) throws Exception {
        final List<Contender> contenders = contenders(worldSize);
        for (final List<Measurement> ofRank : run(worldSize, contenders, new Train.Rounds(1, 2, 2, false), SEED)) {
            for (int i = 0; i < ofRank.size(); i++) {
                final String name = contenders.get(i / 2) + " worldSize=" + worldSize + " inPlace=" + (i % 2 == 1);
                assertEquals(0, ofRank.get(i).wrong(), name);
                assertTrue(ofRank.get(i).timeUs() > 0, name);
                assertNull(ofRank.get(i).calls());
            }
        }
    }

    @Test
    void shouldFindWhatAStrayRankMakesWrong() throws Exception {
        final List<Contender> contenders = contenders(3);
        final List<List<Measurement>> measured = run(3, contenders, new Train.Rounds(1, 2, 1, false), SEED + 1);
        for (int i = 0; i < measured.get(0).size(); i++) {
            if (!contenders.get(i / 2).collective().hasElements()) {
                continue;
            }
            final long wrong = measured.get(0).get(i).wrong();
            assertTrue(wrong > COUNT / 10, contenders.get(i / 2) + " inPlace=" + (i % 2 == 1) + " wrong=" + wrong);
            assertEquals(wrong, measured.get(2).get(i).wrong());
        }
    }

    @Test
    void shouldCheckAsManyResultsAsAskedFor() throws Exception {
        // of 64 bits, a stray contribution changes every element
        final List<Contender> contenders = List.of(Contender.allReduce(DataType.INT64, ReduceOp.BXOR));
        for (final int checks : new int[] {1, 3}) {
            for (final Measurement each : run(3, contenders, new Train.Rounds(0, 1, checks, false), SEED + 1)
                    .get(1)) {
                assertEquals(3 * COUNT * checks, each.wrong());
            }
        }
    }

    @Test
    void shouldReportTheTimeThatTheAverageGives() throws Exception {
        final List<List<Measurement>> measured =
                run(3, List.of(Contender.BITS), new Train.Rounds(0, 2, 0, false), SEED, times -> times.length * 1e3);
        for (final List<Measurement> ofRank : measured) {
            assertEquals(3, ofRank.get(0).timeUs());
        }
    }

    @Test
    void shouldSayWhenNobodyChecked() throws Exception {
        for (final Measurement each : run(2, List.of(Contender.BITS), new Train.Rounds(1, 2, 0, false), SEED)
                .get(0)) {
            assertEquals(-1, each.wrong());
        }
    }

    @Test
    void shouldTimeTheCallsOfAllRanks() throws Exception {
        final List<List<Measurement>> measured = run(3, List.of(Contender.BITS), new Train.Rounds(1, 7, 1, true), SEED);
        for (final List<Measurement> ofRank : measured) {
            for (final Measurement each : ofRank) {
                assertEquals(3 * 7, each.calls().count());
                double before = 0;
                for (final double percentile : CallTimes.PERCENTILES) {
                    assertTrue(each.calls().us(percentile) >= before, "p" + percentile);
                    before = each.calls().us(percentile);
                }
                assertTrue(before > 0);
                assertEquals(
                        measured.get(0).get(0).calls().us(50),
                        ofRank.get(0).calls().us(50));
            }
        }
    }

    @Test
    void shouldNameEveryRank() throws Exception {
        final Communicator[] communicators = Communicator.createLocal(2);
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<List<Member>>> running = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                running.add(threads.submit(() -> {
                    try (communicator) {
                        return Member.of(new Job(communicator));
                    }
                }));
            }
            for (final Future<List<Member>> each : running) {
                final List<Member> members = each.get(50, TimeUnit.SECONDS);
                assertEquals(2, members.size());
                for (int rank = 0; rank < 2; rank++) {
                    assertTrue(
                            members.get(rank)
                                    .line()
                                    .matches("#  Rank  " + rank + " Group  0 Pid +"
                                            + ProcessHandle.current().pid()
                                            + " on +\\S+ device  0 \\[cpu] \\S+ kernels"),
                            members.get(rank).line());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<List<Measurement>> run(
            final int worldSize, final List<Contender> contenders, final Train.Rounds rounds, final long seedOfRank0)
            throws Exception {
        return run(worldSize, contenders, rounds, seedOfRank0, Average.MEAN::of);
    }

    /** Each contender out of place and in place. Rank 0 draws its contribution from a seed of its own. */
    private static List<List<Measurement>> run(
            final int worldSize,
            final List<Contender> contenders,
            final Train.Rounds rounds,
            final long seedOfRank0,
            final ToDoubleFunction<double[]> average)
            throws Exception {
        final Communicator[] communicators = Communicator.createLocal(worldSize);
        final ExecutorService threads = Executors.newFixedThreadPool(worldSize);
        try {
            final List<Future<List<Measurement>>> running = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                running.add(threads.submit(() -> {
                    try (communicator) {
                        final long seed = communicator.rank() == 0 ? seedOfRank0 : SEED;
                        final Train train = new Train(new Job(communicator), seed, rounds, average, null, 1);
                        final List<Measurement> measured = new ArrayList<>();
                        for (final Contender contender : contenders) {
                            final long count = contender.collective().hasElements() ? COUNT : 0;
                            measured.add(train.run(contender, count, false));
                            measured.add(train.run(contender, count, true));
                        }
                        return measured;
                    }
                }));
            }
            final List<List<Measurement>> measured = new ArrayList<>();
            for (final Future<List<Measurement>> each : running) {
                measured.add(each.get(50, TimeUnit.SECONDS));
            }
            return measured;
        } finally {
            threads.shutdownNow();
        }
    }
}
