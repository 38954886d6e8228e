package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.model.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a version of a model.
 *
 * @param predictions rows × outputs, in the unit of the targets
 * @param labels the most probable class of each row; null unless the model is a classifier
 * @param warnings about categories that the model has not learned
 */
public record Prediction(
        Model model, Matrix predictions, @Nullable List<String> labels, List<String> warnings) {}
