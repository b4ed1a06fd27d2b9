package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.method.AveragedSgd;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.method.VotedSignum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two ranks of one process, from images to a trained network, over the library. */
class TrainingTest {
    private static final int RANKS = 2;
    private static final int BATCH = 16;
    private static final long SEED = 1;

    private static ImageSet images;

    @BeforeAll
    static void readImages() throws Exception {
        images = FashionMnist.read(Path.of(System.getProperty("signvote.root"), "examples", "data"), null)
                .shard(0, 8);
    }

    @Test
    void shouldLearnByVote() throws Exception {
        final List<Run> runs =
                onEveryRank(2, 2e-3f, (communicator, count) -> new VotedSignum(communicator, count, 0.9f));

        assertTrue(
                runs.get(0).curve.finalAccuracy() > 0.6,
                "accuracy " + runs.get(0).curve.accuracies());
        assertEquals(runs.get(0).curve.accuracies(), runs.get(1).curve.accuracies());
        assertArrayEquals(runs.get(0).parameters, runs.get(1).parameters);
    }

    @Test
    void shouldAverageToTheBitsThatOneThreadComputes() throws Exception {
        final SimulatedRanks expected = new SimulatedRanks(images, RANKS, BATCH, false, SEED);
        expected.run(1, 0.05f);

        final List<Run> runs =
                onEveryRank(1, 0.05f, (communicator, count) -> new AveragedSgd(communicator, count, 0.9f));

        assertArrayEquals(expected.parameters(), runs.get(0).parameters);
        assertArrayEquals(expected.parameters(), runs.get(1).parameters);
        assertEquals(expected.accuracy(images.test()), runs.get(0).curve.finalAccuracy(), 1e-6);
    }

    @Test
    void shouldGiveTheSameParametersFromTheSameSeed() throws Exception {
        final BiFunction<Communicator, Integer, Optimiser> maker =
                (communicator, count) -> new VotedSignum(communicator, count, 0.9f);

        assertArrayEquals(
                onEveryRank(1, 1e-3f, maker).get(0).parameters,
                onEveryRank(1, 1e-3f, maker).get(0).parameters);
    }

    @Test
    void shouldSendAtLeast28TimesFewerBytesByVote() throws Exception {
        final Curve voted = onEveryRank(1, 1e-3f, (communicator, count) -> new VotedSignum(communicator, count, 0.9f))
                .get(0)
                .curve;
        final Curve averaged = onEveryRank(
                        1, 0.05f, (communicator, count) -> new AveragedSgd(communicator, count, 0.9f))
                .get(0)
                .curve;

        assertEquals(RANKS, voted.sentBytes().length);
        for (int rank = 0; rank < RANKS; rank++) {
            final double ratio = averaged.sentBytes()[rank] / voted.sentBytes()[rank];
            assertTrue(ratio >= 28 && ratio <= 32.5, "rank " + rank + " sends " + ratio + " times fewer");
        }
    }

    private static List<Run> onEveryRank(
            final int epochs, final float rate, final BiFunction<Communicator, Integer, Optimiser> maker)
            throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        try {
            final List<Future<Run>> futures = new ArrayList<>();
            for (final Communicator communicator : Communicator.createLocal(RANKS)) {
                futures.add(threads.submit(() -> {
                    try (communicator) {
                        final Training training =
                                new Training(communicator, images, BATCH, epochs, SEED, Progress.SILENT);
                        final Curve curve =
                                training.run("it", rate, () -> maker.apply(communicator, training.parameterCount()));
                        return new Run(curve, training.parameters());
                    }
                }));
            }
            final List<Run> runs = new ArrayList<>();
            for (final Future<Run> future : futures) {
                runs.add(future.get(50, TimeUnit.SECONDS));
            }
            return runs;
        } finally {
            threads.shutdownNow();
        }
    }

    private record Run(Curve curve, float[] parameters) {}
}
