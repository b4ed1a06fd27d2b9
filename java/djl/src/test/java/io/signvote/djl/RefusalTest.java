package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.util.PairList;
import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.error.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the adapter cannot do, it says before anything is sent or written, with the remedy. */
class RefusalTest {
    private final Communicator communicator = Communicator.createLocal(1)[0];

    @AfterEach
    void close() {
        communicator.close();
    }

    @Test
    void shouldRefuseAnotherEngine() {
        try (Model model = Model.newInstance("remote", "RPC")) {
            refuse("only PyTorch keeps gradients", () -> new SignumTrainer(model, Student.config(), communicator));
        }
    }

    @Test
    void shouldRefuseOtherDevices() {
        for (final Device[] devices : new Device[][] {{Device.gpu()}, {Device.cpu(), Device.gpu()}, {}}) {
            refuse(
                    "expected one cpu(): make the model on Device.cpu()",
                    () -> Student.of(
                                    Student.network(),
                                    (model, config) ->
                                            new SignumTrainer(model, config.optDevices(devices), communicator))
                            .close());
        }
    }

    @Test
    void shouldRefuseParametersThatAreNotFloat32() {
        try (Student student = student(Student.network())) {
            student.model.setDataType(DataType.FLOAT64);

            refuse("parameter=01Linear_weight type=float64, votes are on FLOAT32", student::initialized);
        }
    }

    @Test
    void shouldRefuseSparseGradients() {
        final Block embedding = TrainableWordEmbedding.builder()
                .setVocabulary(new DefaultVocabulary(List.of("a", "b", "c")))
                .setEmbeddingSize(4)
                .optSparseFormat(SparseFormat.COO)
                .build();
        try (Student student = student(embedding)) {
            final Trainer trainer = student.trainer();
            trainer.initialize(new Shape(2));
            try (NDManager scope = trainer.getManager().newSubManager();
                    GradientCollector collector = trainer.newGradientCollector()) {
                final NDArray words = scope.create(new long[] {1, 2});
                collector.backward(
                        trainer.forward(new NDList(words)).singletonOrThrow().sum());
            }

            refuse("sparse gradients cannot be voted on: build the block with SparseFormat.DENSE", trainer::step);
        }
    }

    @Test
    void shouldRefuseAParameterOfWhichTheEngineShowsACopy() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Student student =
                        student(new Scale(manager.ones(new Shape(3, 5)).transpose()))) {
            refuse("parameter=weight shape=(5, 3) is not contiguous", student::initialized);
        }
    }

    @Test
    void shouldRefuseWhatIsNotInitialized() {
        try (Student student = student(Student.network())) {
            refuse(IllegalStateException.class, "call initialize(shapes) on every rank first", student.trainer()::step);
            refuse(IllegalStateException.class, "call initialize(shapes)", () -> student.backward(0, 0));
            refuse(IllegalStateException.class, "call initialize(shapes)", student.signum()::signum);
            refuse(
                    "parameter=01Linear_weight is not initialized",
                    () -> new Layout(student.model.getBlock()).locateAll());
        }
    }

    @Test
    void shouldRefuseAStepWithoutABackwardPassOrInsideACollector() {
        try (Student student = student(Student.network()).initialized()) {
            refuse(IllegalStateException.class, "gradients are all zero, call backward()", student.trainer()::step);
            try (GradientCollector collector = student.trainer().newGradientCollector()) {
                assertInstanceOf(TurnCollector.class, collector);
                refuse(IllegalStateException.class, "close it before step()", student.trainer()::step);
            }
            student.backward(0, 0);
            student.trainer().step();
        }
    }

    @Test
    void shouldRefuseABlockThatChangesWhileItIsTrained() {
        try (Student student = student(Student.network()).initialized()) {
            student.backward(0, 0);
            final Parameter last = student.model.getBlock().getParameters().get("04Linear_bias");
            last.freeze(true);
            refuse("parameter=04Linear_bias was frozen since training began", student.trainer()::step);
            last.freeze(false);
            final Parameter first = student.model.getBlock().getParameters().get("01Linear_weight");
            first.close();
            first.initialize(student.model.getNDManager(), DataType.FLOAT32);
            refuse(
                    "01Linear_weight was replaced since training began, load parameters before",
                    student.trainer()::step);
        }
    }

    @Test
    void shouldRefuseAFrozenBlock() {
        final Block block = Student.network();
        block.freezeParameters(true);

        try (Student student = student(block)) {
            refuse("no parameter that requires a gradient, thaw one", student::initialized);
        }
    }

    @Test
    void shouldRefuseToAverageWhereAParameterHasNoGradient() {
        final SequentialBlock block = new SequentialBlock()
                .add(Linear.builder().setUnits(Student.OUTPUTS).build())
                .add(new Unused());
        try (Student student = Student.of(block, (model, config) -> new AveragingTrainer(model, config, communicator))
                .initialized()) {
            student.backward(0, 0);

            refuse("parameter=02Unused_weight has no gradient on this rank", student.trainer()::step);
        }
    }

    @Test
    void shouldTellEveryRankThatBlocksDiffer() throws Exception {
        final List<Throwable> errors = Ranks.errors(3, new Context(), rank -> {
            final SequentialBlock block = Student.network();
            if (rank.rank() == 1) {
                block.getChildren().values().get(3).freezeParameters(true);
            }
            try (Student student = Student.of(block, (model, config) -> new SignumTrainer(model, config, rank))) {
                return student.initialized();
            }
        });

        final String remedy = " rank 0, 1 of 3 ranks have others: build and freeze the same block on every rank";
        assertEquals("rank=0 has the parameters of" + remedy, errors.get(0).getMessage());
        assertEquals("rank=1 has other parameters than" + remedy, errors.get(1).getMessage());
        assertEquals("rank=2 has the parameters of" + remedy, errors.get(2).getMessage());
    }

    private Student student(final Block block) {
        return Student.of(block, (model, config) -> new SignumTrainer(model, config, communicator));
    }

    private static void refuse(final String fact, final Executable call) {
        refuse(ConfigurationException.class, fact, call);
    }

    private static void refuse(final Class<? extends Exception> type, final String fact, final Executable call) {
        final String message = assertThrows(type, call).getMessage();
        assertTrue(message.contains(fact), message);
    }

    /** Multiplies by an array that somebody else made. */
    private static final class Scale extends AbstractBlock {
        private final Parameter weight;

        Scale(final NDArray array) {
            weight = addParameter(Parameter.builder()
                    .setName("weight")
                    .setType(Parameter.Type.WEIGHT)
                    .optArray(array)
                    .optShape(array.getShape())
                    .build());
        }

        @Override
        protected NDList forwardInternal(
                final ParameterStore store,
                final NDList inputs,
                final boolean training,
                final PairList<String, Object> params) {
            final NDArray input = inputs.singletonOrThrow();
            return new NDList(input.matMul(store.getValue(weight, input.getDevice(), training)));
        }

        @Override
        public Shape[] getOutputShapes(final Shape[] inputShapes) {
            return new Shape[] {new Shape(inputShapes[0].get(0), Student.OUTPUTS)};
        }
    }

    /** Has a parameter, and hands its input on. */
    private static final class Unused extends AbstractBlock {
        Unused() {
            addParameter(Parameter.builder()
                    .setName("weight")
                    .setType(Parameter.Type.WEIGHT)
                    .optShape(new Shape(7, 7))
                    .build());
        }

        @Override
        protected NDList forwardInternal(
                final ParameterStore store,
                final NDList inputs,
                final boolean training,
                final PairList<String, Object> params) {
            return inputs;
        }

        @Override
        public Shape[] getOutputShapes(final Shape[] inputShapes) {
            return inputShapes;
        }
    }
}
