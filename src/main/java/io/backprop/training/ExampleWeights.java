package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Examples;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How much each example counts: its own weight times that of its class. */
final class ExampleWeights {

    private final Architecture architecture;
    private final TrainingOrder order;

    ExampleWeights(Architecture architecture, TrainingOrder order) {
        this.architecture = architecture;
        this.order = order;
    }

    Examples apply(Examples examples) {
        if (order.sampleWeights() == null && order.classWeights().isEmpty()) {
            return examples;
        }
        float[] weights = sampleWeights(examples.size());
        if (!order.classWeights().isEmpty()) {
            float[] byClass = classWeights(examples.targets().columns());
            for (int row = 0; row < weights.length; row++) {
                weights[row] *= byClass[ClassificationMetrics.classOf(examples.targets(), row)];
            }
        }
        return examples.withWeights(Vector.wrap(weights));
    }

    private float[] sampleWeights(int examples) {
        float[] weights = new float[examples];
        Vector given = order.sampleWeights();
        if (given == null) {
            Arrays.fill(weights, 1);
            return weights;
        }
        if (given.size() != examples) {
            throw new InvalidInputException(
                    "sampleWeights",
                    "sampleWeights must be as many as rows of inputs, but are %d and not %d"
                            .formatted(given.size(), examples));
        }
        for (int row = 0; row < examples; row++) {
            weights[row] = given.get(row);
            if (weights[row] < 0) {
                throw new InvalidInputException(
                        "/sampleWeights/" + row,
                        "number %d of sampleWeights must be at least 0, but was %s".formatted(row, weights[row]));
            }
        }
        return weights;
    }

    private float[] classWeights(int outputs) {
        if (architecture.outputLayer().task() != Task.CLASSIFICATION) {
            throw new InvalidInputException("classWeights", "classWeights are for a classification");
        }
        List<String> labels = architecture.classes(outputs).labels();
        float[] weights = new float[labels.size()];
        Arrays.fill(weights, 1);
        for (Map.Entry<String, Float> entry : order.classWeights().entrySet()) {
            int index = labels.indexOf(entry.getKey());
            if (index < 0) {
                throw new InvalidInputException(
                        "classWeights",
                        "classWeights name \"%s\", but the labels are %s".formatted(entry.getKey(), labels));
            }
            weights[index] = entry.getValue();
        }
        return weights;
    }
}
