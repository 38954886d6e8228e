package io.backprop.training.web;

import io.backprop.model.PageCursor;
import io.backprop.training.Training;
import io.backprop.training.TrainingService;
import io.backprop.web.problem.EnumEditor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The trainings of all models. */
@RestController
@Tag(name = "Training")
class TrainingListController {

    private final TrainingService trainings;

    TrainingListController(TrainingService trainings) {
        this.trainings = trainings;
    }

    @InitBinder
    void bindStates(WebDataBinder binder) {
        binder.registerCustomEditor(Training.State.class, new EnumEditor<>(Training.State.class));
    }

    @GetMapping("/trainings")
    @Operation(operationId = "listAllTrainings", summary = "List the trainings of all models, newest first")
    @ApiResponse(responseCode = "200", description = "A page of trainings")
    TrainingListResponse list(
            @RequestParam(required = false) Training.@Nullable State state,
            @RequestParam(defaultValue = "50") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return TrainingListResponse.of(trainings.list(state, limit, PageCursor.parse(cursor)));
    }
}
