/**
 * Trainers for Deep Java Library whose step is a collective call: {@link io.signvote.djl.SignumTrainer} votes,
 * {@link io.signvote.djl.AveragingTrainer} averages.
 */
package io.signvote.djl;
