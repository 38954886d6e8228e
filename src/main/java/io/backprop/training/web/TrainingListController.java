package io.backprop.training.web;

import io.backprop.model.PageCursor;
import io.backprop.training.Training;
import io.backprop.training.TrainingService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.beans.PropertyEditorSupport;
import java.util.Locale;
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

    /** Spring itself would take the names of the constants, and only them. */
    @InitBinder
    void bindStates(WebDataBinder binder) {
        binder.registerCustomEditor(Training.State.class, new PropertyEditorSupport() {
            @Override
            public void setAsText(String text) {
                if (!text.equals(text.toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("must be in lower case, but was \"" + text + '"');
                }
                setValue(Training.State.valueOf(text.toUpperCase(Locale.ROOT)));
            }
        });
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
