package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.model.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version makes of inputs.
 *
 * @param labels the most probable class of each row; null unless the model classifies
 * @param warnings of words that the model has never seen
 */
public record Prediction(
        Model model, Matrix predictions, @Nullable List<String> labels, List<String> warnings) {}
