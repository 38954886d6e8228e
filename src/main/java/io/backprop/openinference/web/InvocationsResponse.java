package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Matrix;
import io.backprop.prediction.Prediction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as a model of scikit-learn returns them under MLflow: of a classifier the predicted class of each row, or
 * its classes if they do not exclude each other, of one output a number or a date per row, and of several a row of numbers.
 *
 * @param warnings about categories that the model has not learned; absent if there are none
 */
@Schema(name = "Invocations")
record InvocationsResponse(
        Object predictions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    static InvocationsResponse of(Prediction prediction) {
        return new InvocationsResponse(predictions(prediction), prediction.warnings());
    }

    private static Object predictions(Prediction prediction) {
        if (prediction.labels() != null) {
            return prediction.labels();
        }
        if (prediction.labelSets() != null) {
            return prediction.labelSets();
        }
        Matrix matrix = prediction.predictions();
        return matrix.columns() > 1 ? matrix : values(prediction);
    }

    private static List<@Nullable Object> values(Prediction prediction) {
        Matrix column = prediction.predictions();
        boolean isDate = prediction.unit().isDate();
        return new AbstractList<>() { // without an object per row while all of them are written

            @Override
            public @Nullable Object get(int row) {
                float value = column.get(row, 0);
                return isDate ? prediction.unit().toIso8601(value) : (Object) value;
            }

            @Override
            public int size() {
                return column.rows();
            }
        };
    }
}
