package io.backprop.training.web;

import io.backprop.training.Training;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The stored trainings of a model, newest first. */
@Schema(name = "TrainingList")
record TrainingListResponse(List<TrainingResponse> trainings) {

    static TrainingListResponse of(List<Training> trainings) {
        return new TrainingListResponse(
                trainings.stream().map(TrainingResponse::of).toList());
    }
}
