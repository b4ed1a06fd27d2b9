package io.signvote.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.TrainingConfig;
import io.signvote.Communicator;
import io.signvote.error.VoteException;

/**
 * A trainer whose {@link #step()} averages the gradients of all ranks, by one {@code allReduce(SUM)} over all
 * parameters. The optimizer of the configuration then steps by the mean. It is the baseline for a comparison with
 * votes. Every rank's optimizer gets the same bits. Machines whose processors round differently may drift.
 */
public final class AveragingTrainer extends DistributedTrainer {
    /**
     * Makes the trainer of one rank.
     *
     * @param model of the PyTorch engine, on the CPU, with a block.
     * @param config with the optimizer, equal on all ranks.
     * @param communicator of the job.
     */
    public AveragingTrainer(final Model model, final TrainingConfig config, final Communicator communicator) {
        super(model, config, communicator);
    }

    /**
     * Averages the gradients and steps. The metric {@code allReduce} is the time of the average.
     *
     * @throws VoteException as any call of the communicator. Gradients and parameters are untouched then.
     */
    @Override
    public void step() {
        TurnCollector.ensureClosed();
        final long begin = System.nanoTime();
        layout().locateValues();
        try (NDManager scope = getManager().newSubManager()) {
            average(layout().locateGradients(scope, true));
        }
        addMetric("allReduce", begin);
        super.step();
    }
}
