package io.signvote.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.TrainingConfig;
import ai.djl.training.tracker.Tracker;
import io.signvote.Communicator;
import io.signvote.error.VoteException;
import io.signvote.optim.Signum;

/**
 * A trainer whose {@link #step()} is {@link Signum} with majority vote: one call over all parameters, in the order of the
 * block, from gradients to parameters without a copy. The optimizer of the configuration is not used.
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
     * One rank of a job, with the paper's defaults: learning rate 1e-4, momentum 0.9, no weight decay.
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
     * @param eta at least 0; a step at 0 votes and leaves the parameters.
     * @return this.
     */
    public SignumTrainer learningRate(final float eta) {
        return learningRate(Tracker.fixed(eta));
    }

    /**
     * Sets a schedule of learning rates.
     *
     * @param tracker asked for the rate of each step, from step 1 on; at least 0.
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
     * The optimiser, from {@link #initialize} on: its counts, and {@code save} and {@code restore} of this rank's momentum. The
     * parameters are the model's to save.
     *
     * @return closed with this trainer.
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
     * @throws VoteException as any call of the communicator; parameters are untouched then, and {@link #retry} may follow.
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
     * Brings this rank to the step of the others after a failure, over another communicator, which later calls use too. Every rank of
     * that communicator calls it, as {@link io.signvote.optim.SignOptimizer} says. Gradients of a step that was pending are cleared;
     * others stay for the next step.
     *
     * @param communicator connected to the ranks that go on.
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

    /** As DJL does at the first step: whoever forgot the backward pass would vote by lot. */
    private void ensureNotAllZero(final Views gradients) {
        if (!isChecked && gradients.isAllZero()) {
            throw new IllegalStateException("gradients are all zero, call backward() before step()");
        }
        isChecked = true;
    }
}
