package io.backprop.search.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Metric;
import io.backprop.search.Trial;
import io.backprop.search.TrialResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trial of a search as JSON. */
@Schema(name = "Trial")
record TrialResponse(
        @Schema(description = "Place among the trials of the search, from 1; absent before its first result")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer rank,

        @Schema(description = "Number of the trial, from 0, the model as it is")
        int trial,

        Trial.State state,
        ConfigurationResponse configuration,

        @Schema(description = "Last completed rung, from 1; 0 before the first one is")
        int rung,

        @Schema(description = "Completed epochs at the end of that rung")
        int epochs,

        @Schema(description = "Epoch of the parameters that were measured; null if the trial has diverged") @Nullable
        Integer bestEpoch,

        @Schema(description = "Training loss of the last epoch") @Nullable
        Double loss,

        @Schema(description = "Loss of the held-out rows") @Nullable
        Double validationLoss,

        @Schema(description = "What trials are compared by, of the held-out rows; null if the trial has diverged")
        @Nullable
        Double metric,

        @Schema(description = "All metrics of the held-out rows by name, null where undefined")
        Map<String, @Nullable Double> metrics,

        @Schema(description = "Losses of the epochs; absent unless points are asked for")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        TrialHistoryResponse history) {

    /** @param rank null before the first result */
    static TrialResponse of(Trial trial, @Nullable Integer rank, Metric metric) {
        TrialResult result = trial.result();
        ConfigurationResponse configuration = ConfigurationResponse.of(trial.configuration());
        return result == null
                ? new TrialResponse(
                        null,
                        trial.number(),
                        trial.state(),
                        configuration,
                        0,
                        0,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        null)
                : new TrialResponse(
                        rank,
                        trial.number(),
                        trial.state(),
                        configuration,
                        result.rung() + 1,
                        result.epochs(),
                        result.bestEpoch(),
                        result.loss(),
                        result.validationLoss(),
                        result.score(metric),
                        result.metrics(),
                        null);
    }

    TrialResponse withHistory(TrialHistoryResponse newHistory) {
        return new TrialResponse(
                rank,
                trial,
                state,
                configuration,
                rung,
                epochs,
                bestEpoch,
                loss,
                validationLoss,
                metric,
                metrics,
                newHistory);
    }
}
