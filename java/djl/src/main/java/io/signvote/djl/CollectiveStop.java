package io.signvote.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import io.signvote.error.ConfigurationException;

/**
 * A listener that stops all ranks in the same epoch. It contains another listener, such as DJL's
 * {@link ai.djl.training.listener.EarlyStoppingListener}. If that listener stops one rank, all ranks stop: each throws
 * an {@link EarlyStoppedException} in the same epoch. Without this class the other ranks wait for the rank that left,
 * and fail.
 *
 * <p>Every rank adds one to a trainer of this package, with the same kind of listener inside. It makes one small
 * collective call an epoch. Used by the trainer's thread.
 *
 * <pre>
 * config.addTrainingListeners(new CollectiveStop(EarlyStoppingListener.builder().optEpochPatience(2).build()));
 * </pre>
 */
public final class CollectiveStop implements TrainingListener {
    private final TrainingListener listener;

    /**
     * Makes a listener around another.
     *
     * @param listener whose {@code onEpoch} throws {@link EarlyStoppedException} to stop. Do not add it to the
     *     configuration as well.
     */
    public CollectiveStop(final TrainingListener listener) {
        this.listener = listener;
    }

    /**
     * Calls the listener inside, and then compares all ranks.
     *
     * @throws EarlyStoppedException on every rank, if the listener of any rank threw it.
     */
    @Override
    public void onEpoch(final Trainer trainer) {
        if (!(trainer instanceof DistributedTrainer)) {
            throw new ConfigurationException(
                    trainer.getClass().getName() + " has no ranks, use a SignumTrainer or an AveragingTrainer");
        }
        EarlyStoppedException own = null;
        try {
            listener.onEpoch(trainer);
        } catch (final EarlyStoppedException e) {
            own = e;
        }
        final boolean isOver = ((DistributedTrainer) trainer).communicator().anyTrue(own != null);
        if (own != null) {
            throw own;
        }
        if (isOver) {
            throw new EarlyStoppedException(
                    trainer.getTrainingResult().getEpoch(), "another rank stops early, and all stop with it");
        }
    }

    @Override
    public void onTrainingBatch(final Trainer trainer, final BatchData batchData) {
        listener.onTrainingBatch(trainer, batchData);
    }

    @Override
    public void onValidationBatch(final Trainer trainer, final BatchData batchData) {
        listener.onValidationBatch(trainer, batchData);
    }

    @Override
    public void onTrainingBegin(final Trainer trainer) {
        listener.onTrainingBegin(trainer);
    }

    @Override
    public void onTrainingEnd(final Trainer trainer) {
        listener.onTrainingEnd(trainer);
    }
}
