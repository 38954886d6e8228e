package io.backprop.prediction;

import io.backprop.model.Metrics;
import io.backprop.model.Model;
import java.util.List;

/**
 * The result of comparing the predictions of a version of a model with targets.
 *
 * @param loss of the scaled targets, if the model scales them
 * @param warnings about categories that the model has not learned, and about rows without a target
 */
public record Evaluation(Model model, int examples, double loss, Metrics metrics, List<String> warnings) {}
