package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.search.SearchService;
import io.backprop.training.TrainingService;
import io.backprop.web.events.EventStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Streams the progress of searches as server-sent events. */
@RestController
@Tag(name = "Search")
class SearchEventsController {

    private final SearchService searches;
    private final TrainingService trainings;
    private final EventStreams streams;
    private final AsyncTaskExecutor executor;

    SearchEventsController(
            SearchService searches,
            TrainingService trainings,
            EventStreams streams,
            AsyncTaskExecutor applicationTaskExecutor) {
        this.searches = searches;
        this.trainings = trainings;
        this.streams = streams;
        this.executor = applicationTaskExecutor;
    }

    @GetMapping(path = "/models/{id}/searches/{search}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "watchSearch",
            summary = "Follow a search",
            description =
                    "Server-sent events: trial for each trial that has completed a rung, rung for each rung that all"
                            + " of its trials have completed, and finally end with the search; those of the time before"
                            + " the request come first")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = String.class)))
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    @ApiResponse(responseCode = "429", description = "Too many event streams are open")
    void events(
            @PathVariable String id, @PathVariable int search, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Search found = searches.get(id, search);
        streams.open(
                request,
                response,
                new SearchEvents(),
                found,
                stream -> trainings.subscribe(found.training(), follower(found, stream))::close);
    }

    private SearchFollower follower(Search search, Consumer<Search> stream) {
        return new SearchFollower(search, searches::of, executor, stream, System::nanoTime);
    }
}
