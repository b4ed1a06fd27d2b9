package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.training.listener.SaveModelTrainingListener;
import io.signvote.Communicator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's listener saves the model on rank 0 only, and each rank saves its own momentum. */
class CheckpointTest {
    private static final int RANKS = 2;
    private static final int STEPS = 4;
    private static final String MODEL = "student";

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnFromOneModelFileAndTheMomentumOfEachRank() throws Exception {
        final List<float[]> goneOn = Ranks.run(RANKS, communicator -> {
            try (Student student = student(communicator)) {
                student.initialized();
                train(student, communicator.rank(), 0);
                student.evaluate();
                student.trainer().notifyListeners(listener -> listener.onEpoch(student.trainer()));
                try (OutputStream momentum = Files.newOutputStream(momentum(communicator))) {
                    student.signum().signum().save(momentum);
                }
                return train(student, communicator.rank(), STEPS);
            }
        });
        final List<float[]> resumed = Ranks.run(RANKS, communicator -> {
            try (Student student = student(communicator)) {
                if (communicator.rank() == 0) {
                    student.model.load(folder, MODEL);
                }
                student.initialized();
                try (InputStream momentum = Files.newInputStream(momentum(communicator))) {
                    student.signum().signum().restore(momentum);
                }
                return train(student, communicator.rank(), STEPS);
            }
        });

        assertEquals(List.of("momentum.0", "momentum.1", MODEL + "-0001.params"), files());
        assertFalse(
                Arrays.equals(
                        Files.readAllBytes(folder.resolve("momentum.0")),
                        Files.readAllBytes(folder.resolve("momentum.1"))),
                "the ranks have one momentum, so nothing is tested");
        for (int rank = 0; rank < RANKS; rank++) {
            assertArrayEquals(goneOn.get(rank), resumed.get(rank), "rank " + rank);
        }
        assertArrayEquals(goneOn.get(0), goneOn.get(1), "ranks differ");
    }

    private Student student(final Communicator communicator) {
        return Student.of(Student.network(), (model, config) -> {
            if (communicator.rank() == 0) {
                config.addTrainingListeners(new SaveModelTrainingListener(folder.toString(), MODEL, 1));
            }
            return new SignumTrainer(model, config, communicator).momentum(0.8f).learningRate(1e-2f);
        });
    }

    /** Takes some steps and returns all that is trained. */
    private static float[] train(final Student student, final int rank, final int firstStep) {
        for (int step = firstStep; step < firstStep + STEPS; step++) {
            student.backward(rank, step);
            student.trainer().step();
        }
        return student.trained();
    }

    private Path momentum(final Communicator communicator) {
        return folder.resolve("momentum." + communicator.rank());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
