package io.backprop.search;

import io.backprop.limits.MemoryBudget;
import io.backprop.training.History;
import io.backprop.training.PartStore;
import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingService;
import io.backprop.training.TrainingSettings;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Finds searches, which {@link TrainingService} starts, follows and cancels as trainings of kind SEARCH. */
@Service
public class SearchService {

    /** Bytes of a trial with its results, as stored and as described, at most. */
    private static final int TRIAL_BYTES = 4_096;

    private final TrainingService trainings;
    private final PartStore parts;
    private final MemoryBudget memory;

    SearchService(TrainingService trainings, PartStore parts, MemoryBudget memory) {
        this.trainings = trainings;
        this.parts = parts;
        this.memory = memory;
    }

    public Search get(String modelId, int number) {
        Training training = trainings.get(modelId, number);
        return read(training).orElseThrow(() -> TrainingException.searchNotFound(modelId, number));
    }

    /** The searches among the stored trainings of a model, newest first. */
    public List<Search> list(String modelId) {
        return trainings.list(modelId).stream()
                .flatMap(training -> read(training).stream())
                .toList();
    }

    /** Finds a search for a request, and counts its memory before it is read. */
    private Optional<Search> read(Training training) {
        settings(training).ifPresent(search -> memory.acquire((long) search.trials() * TRIAL_BYTES));
        return find(training);
    }

    /** The state of a search with this training. */
    public Search of(Training training) {
        return find(training).orElseThrow(() -> TrainingException.searchNotFound(training.model(), training.number()));
    }

    private Optional<Search> find(Training training) {
        return settings(training).map(search -> new Search(training, search, parts.list(training.id())));
    }

    private static Optional<SearchSettings> settings(Training training) {
        TrainingSettings settings = training.settings();
        return settings != null && settings.search() instanceof SearchSettings search
                ? Optional.of(search)
                : Optional.empty();
    }

    /** The losses and scores of all epochs of a trial; empty if it was not begun. */
    public History history(Search search, int trial) {
        return search.parts().stream()
                .filter(part -> part.number() == trial)
                .findFirst()
                .map(TrainingPart::id)
                .map(parts::history)
                .orElse(History.EMPTY);
    }
}
