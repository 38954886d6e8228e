package io.backprop.training.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.StopReason;
import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A training as JSON. */
@Schema(name = "Training")
record TrainingResponse(
        String model,
        int number,

        @Schema(description = "training publishes parameters, cross_validation measures settings only")
        Training.Kind kind,

        Training.State state,

        @Schema(
                description = "Place in the queue of all models, from 1; present while the training is queued; it may"
                        + " rise, because trainings of different keys are started in turn")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer queuePosition,

        @Nullable StopReason stopReason,
        int epochs,
        int epochsCompleted,
        double progress,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        @Nullable Integer bestEpoch,

        @Schema(description = "Metrics of the published parameters on the training rows, in the unit of the targets")
        @Nullable
        Map<String, @Nullable Double> trainingMetrics,

        @Schema(
                description = "Metrics of the published parameters on the validation rows, null without any; of a"
                        + " cross-validation the means over the folds")
        @Nullable
        Map<String, @Nullable Double> validationMetrics,

        @Schema(description = "What was in effect, with the defaults of the model and the server") @Nullable
        TrainingSettingsResponse settings,

        long examples,
        @Nullable Double examplesPerSecond,
        @Nullable Long version,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CrossValidationResponse crossValidation,

        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,

        List<String> warnings,
        @Nullable String error) {

    static TrainingResponse of(Training training) {
        return of(training, CrossValidationResponse.of(training.crossValidation()));
    }

    /** A training in a list, without what may be large. */
    static TrainingResponse summaryOf(Training training) {
        CrossValidationResponse validation = CrossValidationResponse.of(training.crossValidation());
        return of(training, validation == null ? null : validation.withoutResults());
    }

    private static TrainingResponse of(Training training, @Nullable CrossValidationResponse validation) {
        TrainingOutcome outcome = training.outcome();
        return new TrainingResponse(
                training.model(),
                training.number(),
                training.kind(),
                training.state(),
                training.queuePosition(),
                outcome.reason(),
                training.epochs(),
                training.progress().epochs(),
                training.completion(),
                training.progress().loss(),
                training.progress().validationLoss(),
                outcome.bestEpoch(),
                outcome.trainingMetrics(),
                outcome.validationMetrics(),
                TrainingSettingsResponse.of(training.settings()),
                training.examples(),
                training.examplesPerSecond(),
                outcome.version(),
                validation,
                training.queuedAt(),
                training.startedAt(),
                training.finishedAt(),
                training.allWarnings(),
                outcome.error());
    }
}
