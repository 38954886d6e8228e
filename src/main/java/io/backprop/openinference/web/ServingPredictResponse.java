package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.openinference.ModelSignature;
import io.backprop.prediction.Prediction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as TensorFlow Serving returns them. One output is a matrix without a name; the probabilities and labels for
 * rows of a table are two, by their names in each row or each as a list.
 *
 * @param predictions one value per row, for instances
 * @param outputs for inputs
 * @param warnings about categories that the model has not learned; absent if there are none
 */
@Schema(name = "ServingPredictions")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ServingPredictResponse(
        @Nullable Object predictions, @Nullable Object outputs, List<String> warnings) {

    /**
     * @param named whether the request has names of columns
     */
    static ServingPredictResponse of(Prediction prediction, boolean byRow, boolean named) {
        Matrix matrix = prediction.predictions();
        List<String> labels = named ? prediction.labels() : null;
        Object content = labels == null ? matrix : byRow ? rows(matrix, labels) : outputs(matrix, labels);
        return new ServingPredictResponse(byRow ? content : null, byRow ? null : content, prediction.warnings());
    }

    private static List<Map<String, Object>> rows(Matrix probabilities, List<String> labels) {
        return new AbstractList<>() { // without an object per row while all of them are written

            @Override
            public Map<String, Object> get(int row) {
                return outputs(Vector.wrap(probabilities.row(row)), labels.get(row));
            }

            @Override
            public int size() {
                return labels.size();
            }
        };
    }

    private static Map<String, Object> outputs(Object probabilities, Object labels) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        outputs.put(ModelSignature.PROBABILITIES, probabilities);
        outputs.put(ModelSignature.LABEL, labels);
        return outputs;
    }
}
