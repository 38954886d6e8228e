/**
 * Trainings, from the command to the published parameters.
 *
 * <ol>
 *   <li>{@link io.backprop.training.TrainingService} checks a {@link io.backprop.training.TrainingCommand} and its data in
 *       the caller's thread. The result is a {@link io.backprop.training.PreparedTraining}, which has passed all checks.
 *   <li>The {@link io.backprop.training.TrainingStore} queues it. Any process with a free thread takes the next one as a
 *       {@link io.backprop.training.LeasedTraining}. The process that queued it receives the same object; others, and this
 *       one after a restart, receive what was stored.
 *   <li>{@link io.backprop.training.TrainingExecutor} trains copies of the parameters, those of several networks of an
 *       ensemble side by side, and publishes the result and the end of the training in one transaction.
 * </ol>
 *
 * <p>The folds of a cross-validation and the trials of a search are parts of one training, see {@link
 * io.backprop.training.PartedTraining}. Each is leased on its own, so that replicas share them, and takes one thread. Its
 * stages end with a checkpoint, from which the next stage continues in any process. No thread coordinates them: who completes
 * a stage decides, in the same transaction, what comes next, by what is stored alone. A process may therefore end at any
 * moment, and the result does not depend on which process was faster. The training itself is leased only if the model is to
 * be trained at the end.
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
