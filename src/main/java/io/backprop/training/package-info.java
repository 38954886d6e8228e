/**
 * Trainings, from the command to the published parameters.
 *
 * <ol>
 *   <li>{@link io.backprop.training.TrainingService} checks a {@link io.backprop.training.TrainingCommand} and its data in
 *       the caller's thread. The result is a {@link io.backprop.training.PreparedTraining}, which has passed all checks.
 *   <li>The {@link io.backprop.training.TrainingStore} queues it. Any process with a free thread takes the next one as a
 *       {@link io.backprop.training.LeasedTraining}. The process that queued it receives the same object; others, and this
 *       one after a restart, receive what was stored.
 *   <li>{@link io.backprop.training.TrainingExecutor} trains copies of the parameters, those of an ensemble one network after
 *       the other, and publishes the result and the end of the training in one transaction.
 * </ol>
 *
 * <p>While it runs, its current parameters are available from the {@link io.backprop.training.LiveModelService}.
 *
 * <p>Checkpoints are written every few seconds, so that a training survives its process. A {@link
 * io.backprop.training.TrainingLease} has a token that grows with each takeover: a process that was wrongly presumed dead
 * cannot write anything, because its lease has been superseded.
 */
@NullMarked
package io.backprop.training;

import org.jspecify.annotations.NullMarked;
