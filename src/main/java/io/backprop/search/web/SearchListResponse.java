package io.backprop.search.web;

import io.backprop.search.Search;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Searches, newest first. */
@Schema(name = "SearchList")
record SearchListResponse(
        @Schema(description = "The searches, without their leaderboards")
        List<SearchResponse> searches) {

    static SearchListResponse of(List<Search> searches) {
        return new SearchListResponse(
                searches.stream().map(SearchResponse::summaryOf).toList());
    }
}
