package io.backprop.search;

import io.backprop.training.Training;
import io.backprop.training.TrainingPart;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A search at one moment.
 *
 * @param training of kind SEARCH
 * @param parts those of its trials that were begun
 */
public record Search(Training training, SearchSettings settings, List<TrainingPart> parts) {

    public Search {
        parts = List.copyOf(parts);
    }

    /** The results of all completed rungs of all trials. */
    public SearchCourse course() {
        return SearchTraining.course(settings, parts);
    }

    /** All planned trials, by number. */
    public List<Trial> trials() {
        SearchCourse course = course();
        Sampling sampling = Sampling.of(settings.strategy(), settings.space(), settings.trials(), settings.seed());
        Map<Integer, TrainingPart> begun =
                parts.stream().collect(Collectors.toMap(TrainingPart::number, Function.identity()));
        List<List<Integer>> taking = IntStream.range(0, settings.rungs().size())
                .mapToObj(course::trials)
                .toList();
        return IntStream.range(0, settings.trials())
                .mapToObj(number -> {
                    TrialResult last = course.last(number).orElse(null);
                    Trial.State state = state(number, begun.get(number), last, taking);
                    return new Trial(number, sampling.configuration(number), state, last);
                })
                .toList();
    }

    /** @param taking the trials that take part in each rung; empty before it begins */
    private Trial.State state(
            int number, @Nullable TrainingPart part, @Nullable TrialResult last, List<List<Integer>> taking) {
        if (last != null && last.hasDiverged()) {
            return Trial.State.DIVERGED;
        }
        if (last != null && last.rung() == taking.size() - 1) {
            return Trial.State.COMPLETED;
        }
        List<Integer> next = taking.get(last == null ? 0 : last.rung() + 1);
        boolean goesOn = next.isEmpty() || next.contains(number);
        if (training.isOver() || !goesOn) {
            return Trial.State.STOPPED;
        }
        if (part != null && part.state() == TrainingPart.State.RUNNING) {
            return Trial.State.RUNNING;
        }
        return next.isEmpty() ? Trial.State.WAITING : Trial.State.QUEUED;
    }
}
