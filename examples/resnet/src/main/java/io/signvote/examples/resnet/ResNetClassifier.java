package io.signvote.examples.resnet;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Classifier;
import io.signvote.examples.net.Score;
import io.signvote.examples.net.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * ResNet-18 whose gradients DJL's engine computes. Parameters, gradients and the running statistics of batch normalisation are
 * arrays on the heap, as for every model of the figures. Each batch copies them to the engine and back.
 */
final class ResNetClassifier implements Classifier {
    private static final int SIDE = 32;
    /** The engine collects gradients for one thread of a process at a time. */
    private static final ReentrantLock TURN = new ReentrantLock(true);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final ParameterStore store = new ParameterStore(manager, false);
    private final Loss loss = Loss.softmaxCrossEntropyLoss();
    private final int channels;
    private final int side;
    private final int classes;
    private final Block block;
    private final List<Parameter> trained;
    private final List<Parameter> running;
    private final Tensors tensors;
    private final float[] parameters;
    private final float[] gradients;
    private final float[] statistics;

    ResNetClassifier(final ImageSet images, final int width) {
        channels = images.channels();
        side = images.side();
        classes = images.classes();
        block = ResNet18.of(width, classes);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, channels, SIDE, SIDE));
        final List<Parameter> all = block.getParameters().values();
        trained = all.stream().filter(Parameter::requiresGradient).toList();
        running = all.stream().filter(ResNetClassifier::isStatistic).toList();
        tensors = new Tensors(lengths(trained));
        parameters = new float[tensors.total()];
        gradients = new float[tensors.total()];
        statistics = new float[new Tensors(lengths(running)).total()];
    }

    @Override
    public float[] parameters() {
        return parameters;
    }

    @Override
    public float[] gradients() {
        return gradients;
    }

    @Override
    public float[] statistics() {
        return statistics;
    }

    @Override
    public Tensors tensors() {
        return tensors;
    }

    /** By He's rule: normal weights with a variance of 2 over the inputs of a unit, scales of one, shifts and biases of zero. */
    @Override
    public void initialise(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        int at = 0;
        for (final Parameter parameter : trained) {
            final Shape shape = parameter.getArray().getShape();
            final int end = at + (int) shape.size();
            if (shape.dimension() > 1) {
                final double deviation = Math.sqrt(2.0 * shape.get(0) / shape.size());
                for (int i = at; i < end; i++) {
                    parameters[i] = (float) (deviation * random.nextGaussian());
                }
            } else {
                Arrays.fill(parameters, at, end, parameter.getType() == Parameter.Type.GAMMA ? 1 : 0);
            }
            at = end;
        }
        at = 0;
        for (final Parameter parameter : running) {
            final int end = at + (int) parameter.getArray().size();
            Arrays.fill(statistics, at, end, parameter.getType() == Parameter.Type.RUNNING_VAR ? 1 : 0);
            at = end;
        }
    }

    @Override
    public double train(final Batch batch) {
        load(trained, parameters);
        load(running, statistics);
        TURN.lock();
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            final NDList output = block.forward(store, new NDList(images(scope, batch)), true);
            final NDArray mean = loss.evaluate(new NDList(labels(scope, batch)), output);
            collector.backward(mean);
            takeGradients();
            take(running, statistics);
            return mean.getFloat();
        } finally {
            TURN.unlock();
        }
    }

    @Override
    public Score score(final Batch batch) {
        load(trained, parameters);
        load(running, statistics);
        try (NDManager scope = manager.newSubManager()) {
            final NDArray scores = block.forward(store, new NDList(images(scope, batch)), false)
                    .singletonOrThrow()
                    .logSoftmax(1);
            final float[] logs = scores.toFloatArray();
            double sum = 0;
            long right = 0;
            for (int i = 0; i < batch.count(); i++) {
                sum -= logs[i * classes + batch.label(i)];
                right += best(logs, i * classes) == batch.label(i) ? 1 : 0;
            }
            return new Score(sum, right, batch.count());
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private int best(final float[] logs, final int from) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            best = logs[from + i] > logs[from + best] ? i : best;
        }
        return best;
    }

    /** From float32[features][count] to images in a frame of zeros. */
    private NDArray images(final NDManager scope, final Batch batch) {
        final int count = batch.count();
        final int margin = (SIDE - side) / 2;
        final float[] framed = new float[count * channels * SIDE * SIDE];
        for (int feature = 0; feature < channels * side * side; feature++) {
            final int channel = feature / (side * side);
            final int row = feature / side % side + margin;
            final int place = (channel * SIDE + row) * SIDE + feature % side + margin;
            for (int i = 0; i < count; i++) {
                framed[i * channels * SIDE * SIDE + place] = batch.values()[feature * count + i];
            }
        }
        return scope.create(framed, new Shape(count, channels, SIDE, SIDE));
    }

    private static NDArray labels(final NDManager scope, final Batch batch) {
        final float[] labels = new float[batch.count()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = batch.label(i);
        }
        return scope.create(labels);
    }

    private static void load(final List<Parameter> targets, final float[] values) {
        int at = 0;
        for (final Parameter target : targets) {
            final NDArray array = target.getArray();
            final int count = (int) array.size();
            array.toByteBuffer(true).asFloatBuffer().put(values, at, count);
            at += count;
        }
    }

    private static void take(final List<Parameter> sources, final float[] values) {
        int at = 0;
        for (final Parameter source : sources) {
            final NDArray array = source.getArray();
            final int count = (int) array.size();
            array.toByteBuffer(true).asFloatBuffer().get(values, at, count);
            at += count;
        }
    }

    /** The engine adds to the gradients that are there, so these are left at zero. */
    private void takeGradients() {
        int at = 0;
        for (final Parameter source : trained) {
            try (NDArray gradient = source.getArray().getGradient()) {
                final int count = (int) gradient.size();
                final var floats = gradient.toByteBuffer(true).asFloatBuffer();
                floats.get(gradients, at, count);
                floats.clear();
                for (int i = 0; i < count; i++) {
                    floats.put(i, 0);
                }
                at += count;
            }
        }
    }

    private static int[] lengths(final List<Parameter> parameters) {
        return parameters.stream()
                .mapToInt(parameter -> (int) parameter.getArray().size())
                .toArray();
    }

    private static boolean isStatistic(final Parameter parameter) {
        return parameter.getType() == Parameter.Type.RUNNING_MEAN || parameter.getType() == Parameter.Type.RUNNING_VAR;
    }
}
