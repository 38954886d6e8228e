package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.search.SearchCourse;
import io.backprop.search.Trial;
import io.backprop.search.TrialResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** All trials of a search. */
@Schema(name = "TrialList")
record TrialListResponse(
        @Schema(description = "The trials, by number") List<TrialResponse> trials) {

    static TrialListResponse of(Search search) {
        Map<Integer, Integer> ranks = ranks(search.course());
        return new TrialListResponse(search.trials().stream()
                .map(trial -> TrialResponse.of(
                        trial, ranks.get(trial.number()), search.settings().metric()))
                .toList());
    }

    TrialListResponse withHistories(IntFunction<TrialHistoryResponse> histories) {
        return new TrialListResponse(trials.stream()
                .map(trial -> trial.withHistory(histories.apply(trial.trial())))
                .toList());
    }

    /** The best trials, from the best on. */
    static List<TrialResponse> best(Search search, int count) {
        List<Trial> trials = search.trials();
        List<TrialResult> board = search.course().leaderboard();
        Map<Integer, Integer> ranks = ranks(search.course());
        return board.stream()
                .limit(count)
                .map(result -> TrialResponse.of(
                        trials.get(result.trial()),
                        ranks.get(result.trial()),
                        search.settings().metric()))
                .toList();
    }

    /** Places by number of the trial, from 1. */
    static Map<Integer, Integer> ranks(SearchCourse course) {
        Map<Integer, Integer> ranks = new HashMap<>();
        course.leaderboard().forEach(result -> ranks.put(result.trial(), ranks.size() + 1));
        return ranks;
    }
}
