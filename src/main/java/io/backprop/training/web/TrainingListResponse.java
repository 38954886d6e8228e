package io.backprop.training.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.training.Training;
import io.backprop.training.TrainingPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trainings, newest first. */
@Schema(name = "TrainingList")
record TrainingListResponse(
        @Schema(description = "The trainings; cross-validations without the results of their folds")
        List<TrainingResponse> trainings,

        @Schema(description = "Cursor of the next page; absent on the last page")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String next) {

    static TrainingListResponse of(List<Training> trainings) {
        return of(new TrainingPage(trainings, null));
    }

    static TrainingListResponse of(TrainingPage page) {
        return new TrainingListResponse(
                page.trainings().stream().map(TrainingResponse::summaryOf).toList(),
                page.next() == null ? null : page.next().toString());
    }
}
