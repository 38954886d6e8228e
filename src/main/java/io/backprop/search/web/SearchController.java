package io.backprop.search.web;

import static java.util.Objects.requireNonNull;

import io.backprop.search.Search;
import io.backprop.search.SearchService;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.MatrixSource;
import io.backprop.training.TableSource;
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
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
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
@Tag(name = "Search", description = "Search for better settings of a model")
class SearchController {

    private static final String TRIALS_CSV = TableTypes.CSV + ";charset=UTF-8";

    private final SearchService searches;
    private final TrainingService trainings;
    private final TrialCsvWriter csv;
    private final AsyncTaskExecutor executor;

    SearchController(
            SearchService searches,
            TrainingService trainings,
            TrialCsvWriter csv,
            AsyncTaskExecutor applicationTaskExecutor) {
        this.searches = searches;
        this.trainings = trainings;
        this.csv = csv;
        this.executor = applicationTaskExecutor;
    }

    @PostMapping("/search")
    @Operation(
            operationId = "search",
            summary = "Search for better settings of a model and wait for the result",
            description =
                    "Trains networks with other settings, compares them on held-out rows, and trains the model with"
                            + " the best settings on all rows, which become those of the model")
    @StartSearchOperation
    CompletableFuture<ResponseEntity<SearchResponse>> search(
            @PathVariable String id,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody SearchRequest request,
            @Parameter(hidden = true) @RequestAttribute(name = IdempotentRequest.ATTRIBUTE, required = false) @Nullable
                    IdempotentRequest idempotent,
            ModelMap arguments) {
        arguments.clear(); // Spring would keep the decoded body until the response
        WaitPreference wait = WaitPreference.parse(prefer);
        IfMatch match = IfMatch.parse(ifMatch);
        return trainings
                .await(
                        () -> trainings.start(
                                id,
                                model -> match.accepts(model.revision()),
                                request.toCommand(),
                                cells -> request.toExamples(cells, MatrixSource::new, TableSource::new),
                                idempotent == null ? null : idempotent.key(),
                                () -> new IdempotencyKey(
                                        requireNonNull(idempotent).key(), idempotent.digest())),
                        wait.toDuration())
                .thenApplyAsync(searches::of, executor)
                .thenApply(search -> {
                    if (search.training().state() == Training.State.FAILED) {
                        throw new SearchFailedException(search, wait);
                    }
                    return respond(search, wait);
                });
    }

    private static ResponseEntity<SearchResponse> respond(Search search, WaitPreference wait) {
        Training training = search.training();
        String path = "/models/%s/searches/%d".formatted(training.model(), training.number());
        return wait.respond(training.isOver(), path, SearchResponse.of(search));
    }

    @GetMapping("/searches")
    @Operation(
            operationId = "listSearches",
            summary = "List the searches among the last 20 trainings of a model, newest first")
    @ApiResponse(responseCode = "200", description = "The searches")
    SearchListResponse list(@PathVariable String id) {
        return SearchListResponse.of(searches.list(id));
    }

    @GetMapping("/searches/{search}")
    @Operation(operationId = "getSearch", summary = "Get a search with its best trials")
    @ApiResponse(responseCode = "200", description = "The search")
    SearchResponse get(@PathVariable String id, @PathVariable int search) {
        return SearchResponse.of(searches.get(id, search));
    }

    @GetMapping(path = "/searches/{search}/trials", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listTrials",
            summary = "List all trials of a search",
            description =
                    "By number, with the settings and the result of each; as CSV with a column for each setting and"
                            + " each metric")
    @ApiResponse(responseCode = "200", description = "The trials")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    TrialListResponse trials(
            @PathVariable String id,
            @PathVariable int search,
            @RequestParam(required = false)
                    @Min(TrialHistoryResponse.MIN_POINTS)
                    @Max(TrialHistoryResponse.MAX_POINTS)
                    @Nullable
                    Integer points) {
        Search found = searches.get(id, search);
        TrialListResponse trials = TrialListResponse.of(found);
        return points == null
                ? trials
                : trials.withHistories(trial -> TrialHistoryResponse.of(searches.history(found, trial), points));
    }

    @GetMapping(path = "/searches/{search}/trials", produces = TRIALS_CSV)
    @Operation(hidden = true) // documented by the operation for JSON
    void trialsCsv(@PathVariable String id, @PathVariable int search, HttpServletResponse response) throws IOException {
        Search found = searches.get(id, search);
        String file = "%s-search-%d.csv".formatted(id, search);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename(file).build().toString());
        response.setContentType(TRIALS_CSV);
        csv.write(found, response.getOutputStream());
    }

    @PostMapping("/searches/{search}/cancel")
    @Operation(operationId = "cancelSearch", summary = "Cancel a search and wait for its end")
    @AwaitSearchOperation
    @ApiResponse(responseCode = "409", description = "With keep, the search publishes no parameters")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    CompletableFuture<ResponseEntity<SearchResponse>> cancel(
            @PathVariable String id,
            @PathVariable int search,
            @RequestParam(defaultValue = "false") boolean keep,
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer) {
        WaitPreference wait = WaitPreference.parse(prefer);
        searches.get(id, search);
        return trainings
                .cancel(id, search, keep, wait.toDuration())
                .thenApplyAsync(searches::of, executor)
                .thenApply(ended -> respond(ended, wait));
    }
}
