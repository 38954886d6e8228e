package io.backprop.training.web;

import static java.util.Objects.requireNonNull;

import io.backprop.model.Model;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.Training;
import io.backprop.training.TrainingService;
import io.backprop.web.IdempotentRequest;
import io.backprop.web.IfMatch;
import io.backprop.web.WaitPreference;
import io.backprop.web.table.TableTypes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.ModelMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}")
@Tag(name = "Training", description = "Train networks, follow and cancel trainings")
class TrainingController {

    private static final String HISTORY_CSV = TableTypes.CSV + ";charset=UTF-8";

    private final TrainingService trainings;

    TrainingController(TrainingService trainings) {
        this.trainings = trainings;
    }

    @PostMapping("/train")
    @Operation(operationId = "train", summary = "Train a model and wait for the result")
    @StartTrainingOperation
    CompletableFuture<ResponseEntity<TrainingResponse>> train(
            @PathVariable String id,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody TrainRequest request,
            @Parameter(hidden = true) @RequestAttribute(name = IdempotentRequest.ATTRIBUTE, required = false) @Nullable
                    IdempotentRequest idempotent,
            ModelMap arguments) {
        return start(id, ifMatch, request, idempotent, prefer, arguments);
    }

    @PostMapping("/cross-validate")
    @Operation(
            operationId = "crossValidate",
            summary = "Cross-validate the settings of a model",
            description =
                    "A training that evaluates each fold on a network trained on the others; the model does not change")
    @StartTrainingOperation
    CompletableFuture<ResponseEntity<TrainingResponse>> crossValidate(
            @PathVariable String id,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody CrossValidateRequest request,
            @Parameter(hidden = true) @RequestAttribute(name = IdempotentRequest.ATTRIBUTE, required = false) @Nullable
                    IdempotentRequest idempotent,
            ModelMap arguments) {
        return start(id, ifMatch, request, idempotent, prefer, arguments);
    }

    private CompletableFuture<ResponseEntity<TrainingResponse>> start(
            String id,
            @Nullable String ifMatch,
            TrainingForm request,
            @Nullable IdempotentRequest idempotent,
            @Nullable String prefer,
            ModelMap arguments) {
        arguments.clear(); // Spring would keep the decoded body until the response
        WaitPreference wait = WaitPreference.parse(prefer);
        IfMatch match = IfMatch.parse(ifMatch);
        Predicate<Model> precondition = model -> match.accepts(model.revision());
        Supplier<IdempotencyKey> key =
                () -> new IdempotencyKey(requireNonNull(idempotent).key(), idempotent.digest());
        Supplier<Training> start = request.table() == null
                ? () -> trainings.start(
                        id,
                        precondition,
                        request.toCommand(),
                        request::toSource,
                        idempotent == null ? null : idempotent.key(),
                        key)
                : () -> trainings.startExternal(
                        id, precondition, request.toCommand(), request::toTable, idempotent == null ? null : key.get());
        return trainings.await(start, wait.toDuration()).thenApply(training -> {
            if (training.state() == Training.State.FAILED) {
                throw new TrainingFailedException(training, wait);
            }
            return respond(training, wait);
        });
    }

    private static ResponseEntity<TrainingResponse> respond(Training training, WaitPreference wait) {
        String path = "/models/%s/trainings/%d".formatted(training.model(), training.number());
        return wait.respond(training.isOver(), path, TrainingResponse.of(training));
    }

    @GetMapping("/trainings")
    @Operation(operationId = "listTrainings", summary = "List the last 20 trainings of a model, newest first")
    @ApiResponse(responseCode = "200", description = "The trainings")
    TrainingListResponse list(@PathVariable String id) {
        return TrainingListResponse.of(trainings.list(id));
    }

    @GetMapping("/trainings/{number}")
    @Operation(operationId = "getTraining", summary = "Get a training")
    @ApiResponse(responseCode = "200", description = "The training")
    TrainingResponse get(@PathVariable String id, @PathVariable int number) {
        return TrainingResponse.of(trainings.get(id, number));
    }

    @GetMapping(path = "/trainings/{number}/history", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getHistory", summary = "Get the losses and validation metrics of the epochs")
    @ApiResponse(responseCode = "200", description = "The values of each epoch")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    HistoryResponse history(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam(required = false) @Min(HistoryResponse.MIN_POINTS) @Max(HistoryResponse.MAX_POINTS) @Nullable
                    Integer points) {
        return HistoryResponse.of(trainings.history(id, number), points);
    }

    @GetMapping(path = "/trainings/{number}/history", produces = HISTORY_CSV)
    @Operation(hidden = true) // documented by the operation for JSON
    void historyCsv(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam(required = false) @Min(HistoryResponse.MIN_POINTS) @Max(HistoryResponse.MAX_POINTS) @Nullable
                    Integer points,
            HttpServletResponse response)
            throws IOException {
        HistoryResponse history = HistoryResponse.of(trainings.history(id, number), points);
        String file = "%s-training-%d.csv".formatted(id, number);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename(file).build().toString());
        response.setContentType(HISTORY_CSV);
        HistoryCsvWriter.write(history, response.getOutputStream());
    }

    @PostMapping("/trainings/{number}/cancel")
    @Operation(operationId = "cancelTraining", summary = "Cancel a training and wait for its end")
    @AwaitTrainingOperation
    @ApiResponse(responseCode = "409", description = "With keep, the training publishes no parameters")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    CompletableFuture<ResponseEntity<TrainingResponse>> cancel(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam(defaultValue = "false") boolean keep,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer) {
        WaitPreference wait = WaitPreference.parse(prefer);
        return trainings.cancel(id, number, keep, wait.toDuration()).thenApply(training -> respond(training, wait));
    }
}
