package io.signvote.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.TrainingConfig;
import ai.djl.training.tracker.Tracker;
import io.signvote.Communicator;
import io.signvote.error.VoteException;
import io.signvote.optim.Signum;

/**
 * A trainer whose {@link #step()} is {@link Signum} with majority vote. It makes one call over all parameters, in the
 * order of the block, and does not copy gradients or parameters. The optimizer of the configuration is not used.
 *
 * <pre>
 * Trainer trainer = new SignumTrainer(model, config, communicator).learningRate(1e-4f); // was model.newTrainer(config)
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
 */
public final class SignumTrainer extends DistributedTrainer {
    private Tracker learningRate = Tracker.fixed(1e-4f);
    private float momentum = 0.9f;
    private float weightDecay;
    private Signum signum;
    private boolean isChecked;

    /**
     * Makes the trainer of one rank, with the paper's defaults: learning rate 1e-4, momentum 0.9, no weight decay.
     *
     * @param model of the PyTorch engine, on the CPU, with a block.
     * @param config its optimizer is not used.
     * @param communicator of the job.
     */
    public SignumTrainer(final Model model, final TrainingConfig config, final Communicator communicator) {
        super(model, config, communicator);
    }

    /**
     * Sets the learning rate.
     *
     * @param eta at least 0. A step at 0 votes and does not change the parameters.
     * @return this.
     */
    public SignumTrainer learningRate(final float eta) {
        return learningRate(Tracker.fixed(eta));
    }

    /**
     * Sets a schedule of learning rates.
     *
     * @param tracker gives the rate of each step, from step 1 on; at least 0.
     * @return this.
     */
    public SignumTrainer learningRate(final Tracker tracker) {
        learningRate = tracker;
        return this;
    }

    /**
     * Sets the momentum; 0 is signSGD.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public SignumTrainer momentum(final float beta) {
        momentum = beta;
        return this;
    }

    /**
     * Sets the weight decay.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public SignumTrainer weightDecay(final float lambda) {
        weightDecay = lambda;
        return this;
    }

    /**
     * The optimiser, available after {@link #initialize}. It has counts, and {@code save} and {@code restore} of this
     * rank's momentum. The model saves the parameters.
     *
     * @return the optimiser, which this trainer closes.
     */
    public Signum signum() {
        if (signum == null) {
            signum = new Signum(communicator(), layout().locateValues().count()).layout(layout().fingerprint());
        }
        return signum;
    }

    /**
     * Votes on the gradients, steps the parameters by the verdict, and clears the gradients.
     *
     * @throws VoteException as any call of the communicator. Parameters are untouched then, and {@link #retry} may
     *     follow.
     */
    @Override
    public void step() {
        TurnCollector.ensureClosed();
        final long begin = System.nanoTime();
        final Views values = layout().locateValues();
        final Signum optimiser = signum();
        try (NDManager scope = getManager().newSubManager()) {
            final Views gradients = layout().locateGradients(scope, false);
            ensureNotAllZero(gradients);
            optimiser
                    .learningRate(learningRate.getNewValue((int) optimiser.steps() + 1))
                    .momentum(momentum)
                    .weightDecay(weightDecay)
                    .step(gradients.segments(), values.segments());
            gradients.clear();
        }
        addMetric("step", begin);
    }

    /**
     * Brings this rank to the step of the others after a failure, over another communicator. Later calls use that
     * communicator too. Every rank of it must call this, as {@link io.signvote.optim.SignOptimizer} says. Gradients of
     * a pending step are cleared; others stay for the next step.
     *
     * @param communicator connected to the ranks that go on.
     * @throws VoteException as {@link Signum#retry}.
     */
    public void retry(final Communicator communicator) {
        final Views values = layout().locateValues();
        final Signum optimiser = signum();
        final boolean wasPending = optimiser.isPending();
        communicator(communicator);
        optimiser.retry(communicator, values.segments());
        if (wasPending) {
            try (NDManager scope = getManager().newSubManager()) {
                layout().locateGradients(scope, false).clear();
            }
        }
    }

    @Override
    public void close() {
        super.close();
        if (signum != null) {
            signum.close();
        }
    }

    /**
     * Throws if all gradients are zero at the first step, as DJL does. A program that forgets the backward pass would
     * vote by lot.
     */
    private void ensureNotAllZero(final Views gradients) {
        if (!isChecked && gradients.isAllZero()) {
            throw new IllegalStateException("gradients are all zero, call backward() before step()");
        }
        isChecked = true;
    }
}
