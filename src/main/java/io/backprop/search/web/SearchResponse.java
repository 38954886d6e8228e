package io.backprop.search.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Metric;
import io.backprop.engine.StopReason;
import io.backprop.search.Search;
import io.backprop.search.SearchCourse;
import io.backprop.search.SearchSettings;
import io.backprop.search.SearchStrategy;
import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A search as JSON. */
@Schema(name = "Search")
record SearchResponse(
        String model,

        @Schema(description = "Number of the search among the trainings of the model, from 1")
        int number,

        Training.State state,

        @Schema(description = "Place in the queue of all models, from 1; present while the search is queued")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer queuePosition,

        @Nullable StopReason stopReason,
        SearchStrategy strategy,

        @Schema(description = "What trials are compared by, of the held-out rows")
        Metric metric,

        @Schema(description = "Planned trials, the model as it is among them")
        int trials,

        @Schema(description = "Trials that have completed their first rung")
        int trialsCompleted,

        @Schema(description = "Completed part of the planned work, from 0 to 1")
        double progress,

        List<RungResponse> rungs,

        @Schema(description = "The best trials, at most " + LEADERBOARD + "; empty in lists")
        List<TrialResponse> leaderboard,

        @Schema(description = "The best trial so far; null before the first result") @Nullable
        TrialResponse best,

        @Schema(
                description =
                        "Version of the model that was trained with the best settings; null if none was published")
        @Nullable
        Long version,

        @Schema(
                description =
                        "Metrics of the published version; those of the best trial unless the version has its own")
        @Nullable
        Map<String, @Nullable Double> validationMetrics,

        @Schema(description = "What was in effect") @Nullable
        SearchSettingsResponse settings,

        @Schema(description = "What was searched, with the defaults of the model")
        SearchSpaceForm space,

        @Schema(
                description = "What a search needs to have the same result without a time limit; absent unless it was"
                        + " stopped before its end")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        ReproductionResponse reproduce,

        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> warnings,
        @Nullable String error) {

    static final int LEADERBOARD = 20;

    /** The options that repeat a search that was stopped. */
    @Schema(name = "Reproduction", description = "The options that repeat a search that was stopped")
    record ReproductionResponse(
            @Schema(description = "Number of trials that count")
            int trials,

            @Schema(description = "Number of rungs that count")
            int rungs) {}

    static SearchResponse of(Search search) {
        return of(search, TrialListResponse.best(search, LEADERBOARD));
    }

    /** A search in a list, without what may be large. */
    static SearchResponse summaryOf(Search search) {
        return of(search, TrialListResponse.best(search, 1)).withoutLeaderboard();
    }

    private static SearchResponse of(Search search, List<TrialResponse> leaderboard) {
        Training training = search.training();
        TrainingOutcome outcome = training.outcome();
        SearchSettings settings = search.settings();
        SearchCourse course = search.course();
        return new SearchResponse(
                training.model(),
                training.number(),
                training.state(),
                training.queuePosition(),
                outcome.reason(),
                settings.strategy(),
                settings.metric(),
                settings.trials(),
                course.results(0).size(),
                training.completion(),
                RungResponse.of(search),
                leaderboard,
                leaderboard.isEmpty() ? null : leaderboard.get(0),
                outcome.version(),
                outcome.validationMetrics(),
                SearchSettingsResponse.of(search),
                SearchSpaceForm.of(settings.space()),
                reproduction(training, course),
                training.queuedAt(),
                training.startedAt(),
                training.finishedAt(),
                training.allWarnings(),
                outcome.error());
    }

    private static @Nullable ReproductionResponse reproduction(Training training, SearchCourse course) {
        boolean hasResult = training.state() == Training.State.SUCCEEDED
                || training.outcome().version() != null;
        if (!hasResult || course.next() instanceof SearchCourse.End) {
            return null;
        }
        SearchCourse.End end = course.stopped();
        return new ReproductionResponse(end.trials(), end.rungs());
    }

    private SearchResponse withoutLeaderboard() {
        return new SearchResponse(
                model,
                number,
                state,
                queuePosition,
                stopReason,
                strategy,
                metric,
                trials,
                trialsCompleted,
                progress,
                rungs,
                List.of(),
                best,
                version,
                validationMetrics,
                settings,
                space,
                reproduce,
                queuedAt,
                startedAt,
                finishedAt,
                warnings,
                error);
    }
}
