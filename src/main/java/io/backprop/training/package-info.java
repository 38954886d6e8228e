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
 * <p>A table that is larger than a machine is read by drivers, outside of this service. Its {@link
 * io.backprop.training.ExternalTraining} has no data and no worker: a driver claims it from {@link
 * io.backprop.training.ExternalTrainings}, fits the preprocessing, gets what this service decides from the fit, trains, and sends
 * progress, checkpoints and the result. A claim is a lease that expires, so that a silent driver is replaced by the next one
 * that asks, which continues with the same preparation from the last checkpoint. The service keeps nothing in memory between two
 * requests of a driver. A cancelled training whose driver is silent is ended by the service, from the last checkpoint if what
 * was reached is to be kept. What cannot be divided among drivers, or would need the rows here, is rejected: several networks,
 * folds, searches, and rows for validation that are sent with the request. Metrics of the training rows are not measured,
 * since that would take another pass over the table.
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
