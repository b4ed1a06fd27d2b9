package io.signvote.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.Pair;
import io.signvote.Communicator;
import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import java.util.function.Predicate;
import org.agrona.UnsafeApi;

/**
 * A trainer that is one rank of a job. All ranks begin with the parameters of rank 0. Each rank trains on its own share
 * of the data, and {@link #step()} combines the gradients. Losses and evaluators are those of the rank only. Used by
 * one thread.
 *
 * <p>Every rank must initialize, step and evaluate in the same order, and build the same block. The trainer supports
 * DJL's PyTorch engine on one CPU device, with float32 parameters and dense gradients. It refuses anything else with a
 * {@link ConfigurationException} that states the remedy.
 *
 * <p>{@link #close()} does not close the communicator.
 */
public abstract class DistributedTrainer extends Trainer {
    private static final String ENGINE = "PyTorch";

    private Communicator communicator;
    private Layout layout;
    private OffHeap staging = new OffHeap(0);
    private boolean isStale;

    DistributedTrainer(final Model model, final TrainingConfig config, final Communicator communicator) {
        super(prepare(model, config), config);
        this.communicator = communicator;
    }

    /**
     * Initializes as DJL does, and then sends all parameters of rank 0 to every rank, including frozen ones and running
     * statistics. Call it once, before training, also if the parameters were loaded.
     *
     * @param shapes of the inputs.
     * @throws ConfigurationException if ranks have built different blocks, or if a parameter is not supported.
     */
    @Override
    public void initialize(final Shape... shapes) {
        super.initialize(shapes);
        final Layout found = new Layout(getModel().getBlock());
        ensureAlike(found.fingerprint());
        final Views all = found.locateAll();
        final long vector = gather(all);
        communicator.broadcast(vector, all.count(), DataType.FLOAT32, 0);
        all.scatter(vector);
        layout = found;
    }

    /**
     * Averages the running means and variances of batch normalisation over the ranks, if a forward pass has run since
     * the last time. This is a collective call. {@link #evaluate} calls it. If one rank evaluates alone, all ranks must
     * call this before.
     */
    public void averageStatistics() {
        if (!isStale) {
            return;
        }
        final Views running = layout().locateStatistics();
        if (running.count() > 0) {
            TurnCollector.ensureClosed();
            average(running);
        }
        isStale = false;
    }

    /**
     * Steps if every rank is ready. Otherwise no rank steps, and the gradients are cleared. So all ranks skip a step
     * together if the gradients of one have overflowed. Every rank calls it instead of {@link #step()}.
     *
     * @param isReady whether this rank's gradients are valid for a step.
     * @return whether all ranks were ready and the step was made; the same on every rank.
     * @throws io.signvote.error.VoteException as any call of the communicator.
     */
    public boolean stepIfAll(final boolean isReady) {
        TurnCollector.ensureClosed();
        layout();
        final boolean isAgreed = communicator.allTrue(isReady);
        if (isAgreed) {
            step();
        } else {
            try (NDManager scope = getManager().newSubManager()) {
                layout().locateGradients(scope, false).clear();
            }
        }
        return isAgreed;
    }

    @Override
    public NDList forward(final NDList input) {
        layout();
        isStale = true;
        return super.forward(input);
    }

    @Override
    public NDList forward(final NDList data, final NDList labels) {
        layout();
        isStale = true;
        return super.forward(data, labels);
    }

    /**
     * Evaluates, after {@link #averageStatistics()}.
     *
     * @param input of the block.
     * @return its output.
     */
    @Override
    public NDList evaluate(final NDList input) {
        averageStatistics();
        return super.evaluate(input);
    }

    /**
     * {@return a collector of gradients} Ranks that are threads of one process take turns, since DJL allows one
     * collector at a time. Waits for the others.
     */
    @Override
    public GradientCollector newGradientCollector() {
        return new TurnCollector(super::newGradientCollector);
    }

    @Override
    public void close() {
        super.close();
        staging.close();
    }

    final Communicator communicator() {
        return communicator;
    }

    final void communicator(final Communicator communicator) {
        this.communicator = communicator;
    }

    final Layout layout() {
        if (layout == null) {
            throw new IllegalStateException(
                    "the trainer is not initialized, call initialize(shapes) on every rank first");
        }
        return layout;
    }

    /** Replaces floats by their means over the ranks, the same bits on every rank. */
    final void average(final Views views) {
        final long count = views.count();
        final float size = communicator.size();
        final long vector = gather(views);
        communicator.allReduce(vector, vector, count, DataType.FLOAT32, ReduceOp.SUM);
        for (long at = vector, end = vector + (count << 2); at < end; at += Float.BYTES) {
            UnsafeApi.putFloat(at, UnsafeApi.getFloat(at) / size);
        }
        views.scatter(vector);
    }

    /** Copies floats into one contiguous vector for collectives. Its memory is kept from step to step. */
    private long gather(final Views views) {
        final long length = views.count() << 2;
        if (staging.length() < length) {
            staging.close();
            staging = OffHeap.uncleared(length);
        }
        views.gather(staging.address());
        return staging.address();
    }

    private void ensureAlike(final long fingerprint) {
        final float[] isOther = new float[1];
        try (OffHeap word = new OffHeap(Long.BYTES)) {
            UnsafeApi.putLong(word.address(), fingerprint);
            communicator.broadcast(word.address(), Long.SIZE, DataType.SIGN, 0);
            isOther[0] = UnsafeApi.getLong(word.address()) == fingerprint ? 0 : 1;
        }
        final boolean differs = isOther[0] > 0;
        communicator.allReduce(isOther, isOther, ReduceOp.SUM);
        if (isOther[0] > 0) {
            throw new ConfigurationException("rank=" + communicator.rank() + " has "
                    + (differs ? "other parameters than" : "the parameters of") + " rank 0, " + (int) isOther[0]
                    + " of "
                    + communicator.size() + " ranks have others: build and freeze the same block on every rank");
        }
    }

    /** Makes DJL prepare the model as for its own trainer, which sets initializers and thaws loaded parameters. */
    private static Model prepare(final Model model, final TrainingConfig config) {
        final Engine engine = model.getNDManager().getEngine();
        final String name = engine == null ? "none" : engine.getEngineName();
        if (!ENGINE.equals(name)) {
            throw new ConfigurationException(
                    "engine=" + name + ", only " + ENGINE + " keeps gradients where they can be voted on");
        }
        final Device[] devices = config.getDevices();
        final Device device = model.getNDManager().getDevice();
        if (devices.length != 1
                || !Device.cpu().equals(devices[0])
                || !Device.cpu().equals(device)) {
            throw new ConfigurationException("devices=" + Arrays.toString(devices) + " model on " + device
                    + ", expected one cpu(): make the model on Device.cpu() and set optDevices to it");
        }
        final DefaultTrainingConfig silent = new DefaultTrainingConfig(config.getLossFunction()).optDevices(devices);
        for (final Pair<Initializer, Predicate<Parameter>> pair : config.getInitializers()) {
            silent.optInitializer(pair.getKey(), pair.getValue());
        }
        model.newTrainer(silent).close();
        return model;
    }
}
