package io.backprop.prediction;

import io.backprop.model.Metrics;
import io.backprop.model.Model;
import java.util.List;

/**
 * The result of comparing a version's predictions with targets.
 *
 * @param loss of scaled numbers, if the model scales them
 * @param warnings of words that the model has never seen
 */
public record Evaluation(Model model, int examples, double loss, Metrics metrics, List<String> warnings) {}
