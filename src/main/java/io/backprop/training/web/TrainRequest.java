package io.backprop.training.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.Targets;
import io.backprop.training.ClassWeights;
import io.backprop.training.TrainingOrder;
import io.backprop.training.TrainingSource;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to train a model on, and how; what is absent is the model's. */
@Schema(name = "Train")
record TrainRequest(
        @NotNull Matrix inputs,
        @NotNull Targets targets,
        @Nullable @Min(1) Integer epochs,
        @Nullable @Min(1) Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable @Positive Float learningRate,

        @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
        Float validationSplit,

        @Nullable Matrix validationInputs,
        @Nullable Targets validationTargets,
        @Nullable @Valid EarlyStoppingForm earlyStopping,
        @Nullable Vector sampleWeights,
        @Nullable Map<String, @NotNull @PositiveOrZero Float> classWeights,
        @Nullable @Positive Double timeLimitSeconds,
        @Nullable Boolean reset) {

    TrainingOrder toOrder() {
        return new TrainingOrder(
                new TrainingSource.Matrices(inputs, targets, sampleWeights),
                requireNonNullElse(epochs, TrainingPlan.DEFAULT_EPOCHS),
                batchSize,
                shuffle,
                learningRate,
                validation(),
                earlyStopping == null ? null : earlyStopping.toEarlyStopping(),
                new ClassWeights.ByLabel(requireNonNullElse(classWeights, Map.of())),
                timeLimitSeconds == null ? null : Duration.ofNanos((long) (timeLimitSeconds * 1e9)),
                requireNonNullElse(reset, false),
                0);
    }

    private TrainingOrder.@Nullable Validation validation() {
        if (validationInputs == null && validationTargets == null) {
            return validationSplit == null || validationSplit == 0 ? null : new TrainingOrder.Share(validationSplit);
        }
        if (validationSplit != null) {
            throw new InvalidInputException(
                    "validationSplit", "validationSplit and validationInputs exclude each other");
        }
        if (validationInputs == null || validationTargets == null) {
            String missing = validationInputs == null ? "validationInputs" : "validationTargets";
            throw new InvalidInputException(
                    missing, missing + " must be given too, since validation takes both inputs and targets");
        }
        return new TrainingOrder.Held(validationInputs, validationTargets);
    }
}
