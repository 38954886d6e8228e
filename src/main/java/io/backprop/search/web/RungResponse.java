package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.search.SearchCourse;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rung of a search as JSON. */
@Schema(name = "Rung")
record RungResponse(
        @Schema(description = "Number of the rung, from 1") int rung,

        @Schema(description = "Epochs that its trials have completed at its end")
        int epochs,

        @Schema(description = "Trials that take part; at most so many before it begins")
        int trials,

        @Schema(description = "Trials that have reached its end")
        int completed,

        @Schema(description = "Trials that go on to the next rung; null before it is complete and for the last one")
        @Nullable
        Integer kept) {

    /** The rungs of a search, in order. */
    static List<RungResponse> of(Search search) {
        SearchCourse course = search.course();
        int count = search.settings().rungs().size();
        List<RungResponse> rungs = new ArrayList<>();
        for (int rung = 0; rung < count; rung++) {
            int taking = course.trials(rung).size();
            int next = rung + 1 < count ? course.trials(rung + 1).size() : 0;
            rungs.add(new RungResponse(
                    rung + 1,
                    search.settings().rungs().get(rung).epochs(),
                    taking == 0 ? search.settings().rungs().get(rung).trials() : taking,
                    course.results(rung).size(),
                    next == 0 ? null : next));
        }
        return rungs;
    }

    /** Whether all trials that take part have reached its end. */
    boolean isComplete() {
        return completed == trials;
    }
}
