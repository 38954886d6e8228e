package io.backprop.search.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.model.Task;
import io.backprop.search.Search;
import io.backprop.search.SearchSettings;
import io.backprop.tabular.RowDivision;
import io.backprop.training.TrainingSettings;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is in effect in a search, by the names of its request; the training of the same number has the rest. */
@Schema(name = "SearchSettings")
record SearchSettingsResponse(
        @Schema(description = "Task of the model; null for the article's network") @Nullable
        Task task,

        @Schema(description = "Predicted column of the table; null without a table") @Nullable
        String target,

        @Schema(description = "Planned passes over all examples of a trial that takes part in all rungs")
        int epochs,

        @Schema(description = "Number of rungs after which the search ends")
        int rungs,

        @Schema(description = "Trials that may be queued or running at once")
        int parallelism,

        @Schema(description = "Value of the metric that ends the search; null: none") @Nullable
        Double goal,

        @Schema(description = "Seed of the held-out rows and of the configurations")
        long seed,

        @Schema(description = "Whether the model is trained with the best settings on all rows")
        boolean publish,

        @Schema(description = "Share of the rows that was held out")
        float validationSplit,

        @Schema(description = "Number of held-out rows, however they were chosen")
        int validationExamples,

        @Schema(description = "Column of the table that said what each row is for")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String splitColumn,

        @Schema(description = "Column of the table whose equal values kept rows on one side")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String groupColumn,

        @Schema(description = "Limit of the time from the start to the end of the trials")
        double timeLimitSeconds) {

    static @Nullable SearchSettingsResponse of(Search search) {
        SearchSettings settings = search.settings();
        TrainingSettings training = search.training().settings();
        if (training == null) {
            return null;
        }
        RowDivision division = training.division();
        return new SearchSettingsResponse(
                training.task(),
                training.target(),
                training.plan().epochs(),
                settings.rungs().size(),
                settings.parallelism(),
                settings.goal(),
                settings.seed(),
                settings.publish(),
                training.validationSplit(),
                training.validationExamples(),
                division == null ? null : division.columnOf(RowDivision.Kind.PART),
                division == null ? null : division.columnOf(RowDivision.Kind.GROUP),
                training.timeLimit().toNanos() / 1e9);
    }
}
