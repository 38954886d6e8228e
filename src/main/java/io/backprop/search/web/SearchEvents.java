package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.search.SearchCourse;
import io.backprop.search.Trial;
import io.backprop.search.TrialResult;
import io.backprop.web.events.EventSource;
import io.backprop.web.events.ServerSentEvent;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of a search: a trial that has completed a rung, a rung that all of its trials have completed, and finally the
 * end. Begins with what has happened before.
 */
final class SearchEvents implements EventSource<Search> {

    private final Set<Sent> sent = new HashSet<>();
    private final Queue<ServerSentEvent> pending = new ArrayDeque<>();
    private @Nullable Search last;

    /** @param trial null for the rung itself */
    private record Sent(int rung, @Nullable Integer trial) {}

    @Override
    public @Nullable ServerSentEvent next(Search search) {
        if (!search.equals(last)) {
            collect(search);
            last = search;
        }
        return pending.poll();
    }

    private void collect(Search search) {
        SearchCourse course = search.course();
        List<Trial> trials = search.trials();
        Map<Integer, Integer> ranks = TrialListResponse.ranks(course);
        List<RungResponse> rungs = RungResponse.of(search);
        for (int rung = 0; rung < rungs.size(); rung++) {
            for (TrialResult result : course.results(rung)) {
                if (sent.add(new Sent(rung, result.trial()))) {
                    pending.add(event(
                            "trial",
                            TrialResponse.of(
                                    trials.get(result.trial()).with(result),
                                    ranks.get(result.trial()),
                                    search.settings().metric()),
                            false));
                }
            }
            if (rungs.get(rung).isComplete() && sent.add(new Sent(rung, null))) {
                pending.add(event("rung", rungs.get(rung), false));
            }
        }
        if (search.training().isOver()) {
            pending.add(event("end", SearchResponse.of(search), true));
        }
    }

    private static ServerSentEvent event(String name, Object data, boolean isLast) {
        return new ServerSentEvent(null, name, data, isLast);
    }
}
