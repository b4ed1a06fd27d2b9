package io.signvote.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A small model of one rank with its trainer, fed by numbers drawn for a rank and a step. Its sizes divide no word. */
final class Student implements AutoCloseable {
    static final float SGD_RATE = 0.25f;
    static final int INPUTS = 5;
    static final int OUTPUTS = 3;
    private static final int BATCH = 6;
    private static final int HIDDEN = 13;

    final Model model = Model.newInstance("student", Device.cpu());
    private Trainer trainer;

    private Student(final Block block) {
        model.setBlock(block);
    }

    /** With a trainer that is not initialized yet. */
    static Student of(final Block block, final BiFunction<Model, DefaultTrainingConfig, Trainer> trainer) {
        final Student student = new Student(block);
        try {
            student.trainer = trainer.apply(student.model, config());
            return student;
        } catch (final RuntimeException e) {
            student.close();
            throw e;
        }
    }

    static DefaultTrainingConfig config() {
        return new DefaultTrainingConfig(Loss.l2Loss())
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(SGD_RATE))
                        .build())
                .optDevices(new Device[] {Device.cpu()});
    }

    static SequentialBlock network() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(HIDDEN).build())
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(OUTPUTS).build());
    }

    Student initialized() {
        trainer.initialize(new Shape(BATCH, INPUTS));
        return this;
    }

    Trainer trainer() {
        return trainer;
    }

    SignumTrainer signum() {
        return (SignumTrainer) trainer;
    }

    /** One pass forward and back over the numbers of a rank and a step. */
    void backward(final int rank, final int step) {
        final SplittableRandom random = new SplittableRandom(1_000L * step + rank);
        try (NDManager scope = trainer.getManager().newSubManager();
                GradientCollector collector = trainer.newGradientCollector()) {
            final NDList output = trainer.forward(new NDList(draw(scope, random, INPUTS)));
            collector.backward(trainer.getLoss().evaluate(new NDList(draw(scope, random, OUTPUTS)), output));
        }
    }

    void evaluate() {
        try (NDManager scope = trainer.getManager().newSubManager()) {
            final NDList output = trainer.evaluate(new NDList(draw(scope, new SplittableRandom(1), INPUTS)));
            output.attach(scope);
        }
    }

    /** Copies of the gradients, end to end in the order of the block. */
    float[] gradients() {
        return floats(Parameter::requiresGradient, NDArray::getGradient);
    }

    /** Turns the gradients over. */
    void invert() {
        model.getBlock().getParameters().values().stream()
                .filter(Parameter::requiresGradient)
                .forEach(parameter -> {
                    try (NDArray gradient = parameter.getArray().getGradient()) {
                        gradient.negi();
                    }
                });
    }

    /** Copies of what is trained. */
    float[] trained() {
        return floats(Parameter::requiresGradient, NDArray::duplicate);
    }

    /** Copies of all parameters. */
    float[] all() {
        return floats(parameter -> true, NDArray::duplicate);
    }

    /** Copies of parameters of a type. */
    float[] of(final Parameter.Type type) {
        return floats(parameter -> parameter.getType() == type, NDArray::duplicate);
    }

    @Override
    public void close() {
        if (trainer != null) {
            trainer.close();
        }
        model.close();
    }

    private float[] floats(final Predicate<Parameter> predicate, final UnaryOperator<NDArray> source) {
        float[] all = {};
        for (final Parameter parameter : model.getBlock().getParameters().values()) {
            if (predicate.test(parameter)) {
                try (NDArray array = source.apply(parameter.getArray())) {
                    final float[] more = array.toFloatArray();
                    final int length = all.length;
                    all = Arrays.copyOf(all, length + more.length);
                    System.arraycopy(more, 0, all, length, more.length);
                }
            }
        }
        return all;
    }

    private static NDArray draw(final NDManager manager, final SplittableRandom random, final int columns) {
        final float[] values = new float[BATCH * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return manager.create(values, new Shape(BATCH, columns));
    }
}
