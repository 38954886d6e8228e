package io.backprop.prediction.web;

import io.backprop.prediction.Scoring;
import io.backprop.prediction.ScoringService;
import io.backprop.web.WaitPreference;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Predictions for tables that drivers on a cluster read and write. */
@RestController
@RequestMapping("/models/{id}/predictions")
@Tag(name = "Prediction")
class ScoringController {

    private final ScoringService scorings;

    ScoringController(ScoringService scorings) {
        this.scorings = scorings;
    }

    @PostMapping
    @Operation(
            operationId = "predictTable",
            summary = "Predict for a table on Spark and wait for the end",
            description =
                    "A driver on Apache Spark reads the table and writes another one with its rows and the columns"
                            + " that predictions in CSV have")
    @AwaitScoringOperation
    @ApiResponse(
            responseCode = "409",
            description = "The model has never been trained, or another prediction writes the output")
    @ApiResponse(responseCode = "429", description = "Too many tables of the model wait for a driver")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    CompletableFuture<ResponseEntity<ScoringResponse>> predictTable(
            @PathVariable String id,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @Valid @RequestBody ScoringRequest request) {
        WaitPreference wait = WaitPreference.parse(prefer);
        Scoring started = scorings.start(id, request.version(), request::toCommand);
        return scorings.await(started, wait.toDuration()).thenApply(scoring -> respond(scoring, wait));
    }

    private static ResponseEntity<ScoringResponse> respond(Scoring scoring, WaitPreference wait) {
        String path = "/models/%s/predictions/%d".formatted(scoring.model(), scoring.number());
        return wait.respond(scoring.isOver(), path, ScoringResponse.of(scoring));
    }

    @GetMapping
    @Operation(
            operationId = "listTablePredictions",
            summary = "List the last 20 predictions of a model for tables, newest first")
    @ApiResponse(responseCode = "200", description = "The predictions for tables")
    ScoringListResponse list(@PathVariable String id) {
        return ScoringListResponse.of(scorings.list(id));
    }

    @GetMapping("/{prediction}")
    @Operation(operationId = "getTablePrediction", summary = "Get the state of a prediction for a table")
    @ApiResponse(responseCode = "200", description = "The prediction for a table")
    ScoringResponse get(@PathVariable String id, @PathVariable int prediction) {
        return ScoringResponse.of(scorings.get(id, prediction));
    }

    @PostMapping("/{prediction}/cancel")
    @Operation(operationId = "cancelTablePrediction", summary = "Cancel a prediction for a table and wait for its end")
    @AwaitScoringOperation
    CompletableFuture<ResponseEntity<ScoringResponse>> cancel(
            @PathVariable String id,
            @PathVariable int prediction,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer) {
        WaitPreference wait = WaitPreference.parse(prefer);
        return scorings.cancel(id, prediction, wait.toDuration()).thenApply(scoring -> respond(scoring, wait));
    }
}
