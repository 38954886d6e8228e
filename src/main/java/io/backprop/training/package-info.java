/**
 * Trainings, from the order to the published parameters. {@link io.backprop.training.TrainingService} checks an order in
 * the caller's thread, so that nothing can be wrong with it any more, and gives it with its data to the {@link
 * io.backprop.training.TrainingStore}, which hands it to {@link io.backprop.training.TrainingWorkers} in whichever process
 * has a thread that is free; whoever wants the result waits or looks at how it stands, in any process. A training works on
 * its own copy of the parameters and publishes them whole, or not at all. What it can be gone on with is written down every
 * few seconds, so that it survives its process; a {@link io.backprop.training.TrainingLease} that grows with each take-over
 * keeps a process that was taken for dead from writing anything.
 */
@NullMarked
package io.backprop.training;

import org.jspecify.annotations.NullMarked;
