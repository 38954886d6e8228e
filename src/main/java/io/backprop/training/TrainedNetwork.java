package io.backprop.training;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import org.jspecify.annotations.Nullable;

/**
 * One of a model's networks after its training.
 *
 * @param parameters for inputs and targets as the model scales them
 * @param epochs number of completed epochs
 * @param held outputs for the rows of its fold, on which it was not trained: logits if the loss is a cross-entropy, else
 *     predictions in the unit of the targets; null unless the ensemble is by fold
 */
public record TrainedNetwork(
        Vector parameters, int epochs, @Nullable Matrix held) {}
