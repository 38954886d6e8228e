/**
 * Trainings, from the order to the published parameters. {@link io.backprop.training.TrainingService} checks an order in
 * the caller's thread, so that nothing can be wrong with it any more, and hands it to the few threads that do numeric
 * work; whoever wants the result waits or looks at how it stands. A training works on its own copy of the parameters and
 * publishes them whole, or not at all.
 */
@NullMarked
package io.backprop.training;

import org.jspecify.annotations.NullMarked;
