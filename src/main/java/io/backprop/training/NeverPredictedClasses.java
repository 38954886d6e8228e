package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.model.Metrics;
import io.backprop.model.Task;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Warns of classes that have examples but are never predicted, which a high accuracy may hide. */
final class NeverPredictedClasses {

    private NeverPredictedClasses() {}

    /**
     * The warnings of a classification.
     *
     * @param training metrics of the training rows
     * @param validation metrics of the validation rows, which are used in place of those of the training rows; null without
     *     validation rows
     */
    static List<String> warnings(PreparedTraining prepared, @Nullable Metrics training, @Nullable Metrics validation) {
        return prepared.architecture().outputLayer().task() == Task.CLASSIFICATION
                        && (validation == null ? training : validation) instanceof Metrics.Classification classification
                ? warnings(
                        classification,
                        validation == null ? "training" : "validation",
                        prepared.settings().classWeights().equals(ClassWeights.NONE),
                        prepared.model().spec().articleWarning().isEmpty()
                                ? "more epochs"
                                : "more epochs or a model with \"hidden\" layers")
                : List.of();
    }

    private static List<String> warnings(
            Metrics.Classification classification, String part, boolean unweighted, String remedyOfFrequent) {
        ClassificationMetrics values = classification.values();
        int[] found = IntStream.range(0, classification.classes().size())
                .filter(i -> values.examples(i) > 0 && values.predictions(i) == 0)
                .toArray();
        if (found.length == 0) {
            return List.of();
        }
        long examples = IntStream.of(found).mapToLong(values::examples).sum();
        boolean rare = examples * classification.classes().size() < values.examples() * found.length;
        List<String> remedies = new ArrayList<>();
        if (!rare) {
            remedies.add(remedyOfFrequent);
        } else if (unweighted) {
            remedies.add("classWeights=balanced");
        }
        if (classification.classes().size() == 2) {
            remedies.add("a threshold %s 0.5 in predictions".formatted(found[0] == 1 ? "below" : "above"));
        }
        return List.of("%s %s never predicted for the %s rows, %s %% of which are of %s%s"
                .formatted(
                        ClassCoverage.describe(classification.classes(), found),
                        found.length == 1 ? "is" : "are",
                        part,
                        percent(examples, values),
                        found.length == 1 ? "it" : "them",
                        remedies.isEmpty() ? "" : "; consider " + String.join(" or ", remedies)));
    }

    private static String percent(long examples, ClassificationMetrics values) {
        return BigDecimal.valueOf(100.0 * examples / values.examples())
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }
}
