package io.backprop.training.web;

import io.backprop.engine.MeanAndDeviation;
import io.backprop.training.CrossValidation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a cross-validation.
 *
 * @param metrics mean and standard deviation over the folds, of the loss and of each metric; empty before the end
 * @param results one for each fold; empty before the end
 */
@Schema(name = "CrossValidation")
record CrossValidationResponse(int folds, Map<String, @Nullable SpreadForm> metrics, List<FoldForm> results) {

    static @Nullable CrossValidationResponse of(@Nullable CrossValidation validation) {
        if (validation == null) {
            return null;
        }
        Map<String, @Nullable SpreadForm> metrics = new LinkedHashMap<>();
        validation.spreads().forEach((name, spread) -> metrics.put(name, SpreadForm.of(spread)));
        return new CrossValidationResponse(
                validation.folds(),
                metrics,
                validation.results().stream().map(FoldForm::of).toList());
    }

    /** Mean and standard deviation over the folds. */
    @Schema(name = "Spread")
    record SpreadForm(@Nullable Double mean, @Nullable Double deviation) {

        static @Nullable SpreadForm of(@Nullable MeanAndDeviation spread) {
            return spread == null ? null : new SpreadForm(spread.mean(), spread.deviation());
        }
    }

    /**
     * The results of one fold.
     *
     * @param examples number of examples of the fold
     */
    @Schema(name = "Fold")
    record FoldForm(int examples, int epochs, @Nullable Double loss, Map<String, @Nullable Double> metrics) {

        static FoldForm of(CrossValidation.Fold fold) {
            return new FoldForm(fold.examples(), fold.epochs(), fold.loss(), fold.metrics());
        }
    }
}
