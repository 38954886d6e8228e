package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.model.Model;
import io.backprop.tabular.TargetUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a version of a model.
 *
 * @param predictions one row per row: of a classifier the probability of each class, else the outputs in the unit of the
 *     targets
 * @param unit of the predictions
 * @param classes the names of the classes; null unless the model is a classifier
 * @param labels the predicted class of each row; null unless the classes exclude each other
 * @param labelSets the predicted classes of each row; null unless a row may have several
 * @param warnings about categories that the model has not learned
 */
public record Prediction(
        Model model,
        Matrix predictions,
        TargetUnit unit,
        @Nullable List<String> classes,
        @Nullable List<String> labels,
        @Nullable List<List<String>> labelSets,
        List<String> warnings) {

    /** The predictions in their unit: numbers, or dates as text. */
    public Object inUnit() {
        return unit.isDate() ? dates() : predictions;
    }

    private List<List<@Nullable String>> dates() {
        List<List<@Nullable String>> dates = new ArrayList<>();
        for (int row = 0; row < predictions.rows(); row++) {
            dates.add(Collections.singletonList(unit.toIso8601(predictions.get(row, 0))));
        }
        return dates;
    }
}
