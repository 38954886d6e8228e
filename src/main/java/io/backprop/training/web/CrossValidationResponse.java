package io.backprop.training.web;

import io.backprop.engine.MeanAndDeviation;
import io.backprop.training.CrossValidation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a cross-validation.
 *
 * @param metrics mean and standard deviation over the folds, of the loss and of each metric; empty before the end
 * @param results one for each fold; empty before the end and in lists
 */
@Schema(name = "CrossValidation")
record CrossValidationResponse(
        int folds, Map<String, @Nullable MeanAndDeviation> metrics, List<CrossValidation.FoldResult> results) {

    static @Nullable CrossValidationResponse of(@Nullable CrossValidation validation) {
        return validation == null
                ? null
                : new CrossValidationResponse(validation.folds(), validation.spreads(), validation.results());
    }

    CrossValidationResponse withoutResults() {
        return new CrossValidationResponse(folds, metrics, List.of());
    }
}
