package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.data.ImageSet;
import io.signvote.kernel.cublas.CublasLibrary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The example on GPUs at a tiny size, on a card or on the emulated device. */
@Tag("gpu")
class GpuTrainingTest {
    private static final String SHIPPED =
            Path.of(System.getProperty("signvote.root"), "examples", "data").toString();
    private static final int RANKS = 2;

    @BeforeAll
    static void requireCublas() {
        final boolean isEmulated =
                !System.getProperty("signvote.cuda.module", "").isEmpty();
        // a machine with a card may have the cuBLAS of CUDA 13 alone, which has another name
        assumeTrue(isEmulated || CublasLibrary.isAvailable(), () -> "cublas: " + CublasLibrary.unavailabilityCause());
        CublasLibrary.ensureAvailable();
    }

    @Test
    void shouldTellClothesApartAndKeepAllRanksAlike() throws Exception {
        final StringWriter output = new StringWriter();
        final GpuTraining[] trainings = new GpuTraining[RANKS];
        final ImageSet images = FashionMnist.read(Path.of(SHIPPED), null);
        final Communicator[] communicators = Communicator.createLocal(RANKS, new Context());
        final ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        try {
            final List<Future<?>> ranks = new ArrayList<>();
            for (final Communicator communicator : communicators) {
                final GpuTraining training = new GpuTraining();
                trainings[communicator.rank()] = training;
                GpuTraining.commandLine(training)
                        .setOut(new PrintWriter(output))
                        .parseArgs("--epochs", "1", "--hidden", "32", "--batch", "40", "--rate", "3e-3");
                ranks.add(threads.submit(() -> {
                    try (communicator) {
                        training.run(communicator, images);
                    }
                    return null;
                }));
            }
            for (final Future<?> rank : ranks) {
                rank.get(50, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertTrue(trainings[0].accuracy() > 0.65, output.toString());
        assertArrayEquals(trainings[0].parameters(), trainings[1].parameters());
        assertTrue(output.toString().contains("2 ranks, rank 0 on device 0, "), output.toString());
        assertTrue(
                output.toString().contains("25,408 parameters, 40 images per rank and round, rounds 75"),
                output.toString());
        assertTrue(
                output.toString().matches("(?s).*epoch 1 of 1: accuracy .*, loss .*, gradient norm .*"),
                output.toString());
    }

    /** Where a schedule ends; nothing moves, however long it goes on. */
    @Test
    void shouldLeaveParametersAsTheyWereAtARateOfZero() throws Exception {
        final ImageSet images = FashionMnist.read(Path.of(SHIPPED), null);

        final GpuTraining one = alone(images, "--epochs", "1", "--hidden", "8", "--batch", "100", "--rate", "0");
        final GpuTraining two = alone(images, "--epochs", "2", "--hidden", "8", "--batch", "100", "--rate", "0");

        assertArrayEquals(one.parameters(), two.parameters());
    }

    private static GpuTraining alone(final ImageSet images, final String... options) throws Exception {
        final GpuTraining training = new GpuTraining();
        GpuTraining.commandLine(training)
                .setOut(new PrintWriter(new StringWriter()))
                .parseArgs(options);
        try (Communicator communicator = Communicator.createLocal(1, new Context())[0]) {
            training.run(communicator, images);
        }
        return training;
    }

    @Test
    void shouldRefuseBadOptions() {
        for (final String[] options :
                new String[][] {{"--epochs", "0"}, {"--hidden", "0"}, {"--batch", "5000"}, {"--rate", "1"}, {"--what"}
                }) {
            final StringWriter errors = new StringWriter();
            final int code = GpuTraining.commandLine(new GpuTraining())
                    .setErr(new PrintWriter(errors))
                    .execute(options);

            assertEquals(CommandLine.ExitCode.USAGE, code, errors.toString());
            assertTrue(errors.toString().contains(options[0]), errors.toString());
        }
    }
}
