package io.backprop.search;

import io.backprop.engine.Metric;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The course of a search by the results so far: which trials take part in which rung, and what is next. Depends on the
 * settings and the results alone, in whatever order they came.
 */
public final class SearchCourse {
    /*
     * A rung is decided when all of its trials have a result. The model as it is, trial 0, goes on even if it is not among
     * the best, in the last place, so that the best trial is never worse than it on the held-out rows.
     */

    private final SearchSettings settings;
    private final Map<Integer, Map<Integer, TrialResult>> results = new HashMap<>(); // by rung, by trial

    public SearchCourse(SearchSettings settings, Collection<TrialResult> results) {
        this.settings = settings;
        results.forEach(result -> of(result.rung()).put(result.trial(), result));
    }

    private Map<Integer, TrialResult> of(int rung) {
        return results.computeIfAbsent(rung, key -> new HashMap<>());
    }

    /** What a search does next. */
    public sealed interface Next {}

    /**
     * Trains trials to the end of a rung.
     *
     * @param trials those of the rung that have no result, in order
     */
    public record Train(int rung, List<Integer> trials) implements Next {}

    /**
     * Ends with a result.
     *
     * @param winner null if no trial has a score
     * @param trials number of trials with which a search of as many rungs has this winner
     * @param rungs number of rungs that count
     */
    public record End(@Nullable TrialResult winner, int trials, int rungs) implements Next {}

    /** What is next, unless the search is stopped. */
    public Next next() {
        for (int rung = 0; rung < settings.rungs().size(); rung++) {
            int current = rung;
            List<Integer> missing = trials(rung).stream()
                    .filter(trial -> !of(current).containsKey(trial))
                    .toList();
            if (!missing.isEmpty()) {
                return new Train(rung, missing);
            }
            if (isReached(best(rung))) {
                return end(rung);
            }
        }
        return end(settings.rungs().size() - 1);
    }

    /** The end if the search is stopped now: by the last complete rung or, before that, by the first trials without a gap. */
    public End stopped() {
        Next next = next();
        if (next instanceof End end) {
            return end;
        }
        Train train = (Train) next;
        if (train.rung() > 0) {
            return end(train.rung() - 1);
        }
        int trials = train.trials().get(0);
        return new End(best(of(0).values().stream().filter(result -> result.trial() < trials)), trials, 1);
    }

    private End end(int rung) {
        int counting = rung;
        while (counting > 0 && best(counting) == null) { // all of its trials have diverged
            counting--;
        }
        return new End(best(counting), settings.trials(), counting + 1);
    }

    private @Nullable TrialResult best(int rung) {
        return best(of(rung).values().stream());
    }

    private @Nullable TrialResult best(Stream<TrialResult> candidates) {
        return candidates
                .filter(result -> result.score(settings.metric()) != null)
                .min(TrialResult.best(settings.metric()))
                .orElse(null);
    }

    private boolean isReached(@Nullable TrialResult best) {
        if (settings.goal() == null || best == null) {
            return false;
        }
        Metric metric = settings.metric();
        double score = Objects.requireNonNull(best.score(metric));
        return metric.higherIsBetter() ? score >= settings.goal() : score <= settings.goal();
    }

    /**
     * The trials that take part in a rung, by number; empty before the rung before it is complete. Those without a score do
     * not go on.
     */
    public List<Integer> trials(int rung) {
        if (rung == 0) {
            return IntStream.range(0, settings.trials()).boxed().toList();
        }
        List<Integer> before = trials(rung - 1);
        if (before.isEmpty() || !of(rung - 1).keySet().containsAll(before)) {
            return List.of();
        }
        int places = settings.rungs().get(rung).trials();
        List<Integer> ranked = of(rung - 1).values().stream()
                .filter(result -> result.score(settings.metric()) != null)
                .sorted(TrialResult.best(settings.metric()))
                .map(TrialResult::trial)
                .toList();
        Stream<Integer> kept = ranked.size() > places && ranked.indexOf(0) >= places
                ? Stream.concat(ranked.stream().limit(places - 1L), Stream.of(0))
                : ranked.stream().limit(places);
        return kept.sorted().toList();
    }

    /** The last result of each trial that has one, from the best to the worst: first those of the last rung. */
    public List<TrialResult> leaderboard() {
        Map<Integer, TrialResult> last = new HashMap<>();
        results.values().stream()
                .flatMap(rung -> rung.values().stream())
                .forEach(result ->
                        last.merge(result.trial(), result, (one, other) -> one.rung() > other.rung() ? one : other));
        return last.values().stream()
                .sorted(Comparator.comparing((TrialResult result) -> result.score(settings.metric()) == null)
                        .thenComparing(result -> -result.rung())
                        .thenComparing(TrialResult.best(settings.metric())))
                .toList();
    }

    /** The last result of a trial; empty before the end of its first rung. */
    public Optional<TrialResult> last(int trial) {
        return results.values().stream()
                .map(rung -> rung.get(trial))
                .filter(Objects::nonNull)
                .max(Comparator.comparingInt(TrialResult::rung));
    }

    /** The results at the end of a rung, by number of the trial. */
    public List<TrialResult> results(int rung) {
        return of(rung).values().stream()
                .sorted(Comparator.comparingInt(TrialResult::trial))
                .toList();
    }
}
