package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.StopReason;
import io.backprop.limits.BusyException;
import io.backprop.model.Model;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.ModelSpec;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.TrainingStore.NextVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Ends trainings, and publishes what they have reached as the next version of their model. */
@Component
class TrainingPublisher {

    private static final Logger log = LoggerFactory.getLogger(TrainingPublisher.class);

    private final ModelService models;
    private final TrainingStore store;
    private final TrainingMetrics metrics;

    TrainingPublisher(ModelService models, TrainingStore store, TrainingMetrics metrics) {
        this.models = models;
        this.store = store;
        this.metrics = metrics;
    }

    /**
     * What a training has reached.
     *
     * @param ensemble with the temperature of its probabilities
     * @param epochs number of completed epochs of all networks
     * @param bestEpoch epoch of the parameters of a single network; null for several
     * @param trainingMetrics null if they were not measured
     * @param validationMetrics null without validation
     * @param warnings about the predictions
     * @param error why the training has failed although its parameters are published; null if it has not
     */
    record Reached(
            Ensemble ensemble,
            int epochs,
            StopReason reason,
            @Nullable Integer bestEpoch,
            @Nullable Map<String, @Nullable Double> trainingMetrics,
            @Nullable Map<String, @Nullable Double> validationMetrics,
            List<String> warnings,
            @Nullable String error) {}

    /**
     * Ends a training and publishes what it has reached.
     *
     * @param settings changes the settings of the model
     * @param history of all epochs
     * @param worked time spent in training, by all processes
     * @return false if the lease is lost
     * @throws ModelNotFoundException if the model was deleted
     */
    boolean publish(
            Training training,
            TrainingLease lease,
            TrainingStart start,
            UnaryOperator<ModelSpec> settings,
            Reached reached,
            History history,
            Duration worked) {
        Model trained = start.model()
                .withParameters(
                        start.architecture(),
                        reached.ensemble,
                        start.epochsBefore() + reached.epochs,
                        reached.trainingMetrics,
                        reached.validationMetrics,
                        Stream.concat(training.warnings().stream(), reached.warnings.stream())
                                .toList());
        Model current = models.current(trained);
        Model next = models.nextVersion(
                current.withSettings(settings.apply(current.spec()), current.description()), trained);
        TrainingOutcome outcome = new TrainingOutcome(
                reached.reason,
                reached.bestEpoch,
                reached.trainingMetrics,
                reached.validationMetrics,
                List.of(),
                next.version(),
                reached.warnings,
                reached.error);
        NextVersion version = new NextVersion(start.model(), next, models.oldestKept(next), current.changes());
        return end(training, lease, outcome, history, worked, version);
    }

    /** Ends a training without a result; returns false if the lease is lost. */
    boolean end(Training training, TrainingLease lease, TrainingOutcome outcome, History history, Duration worked) {
        return end(training, lease, outcome, history, worked, null);
    }

    private boolean end(
            Training training,
            TrainingLease lease,
            TrainingOutcome outcome,
            History history,
            Duration worked,
            @Nullable NextVersion version) {
        boolean ended = store.end(lease, outcome, history, worked, version);
        if (ended) {
            metrics.ended(training.kind(), outcome.state(), worked);
            training.ended(outcome, Training.Progress.of(history, worked)).log(log.atInfo(), "ended");
        }
        return ended;
    }

    /** Lets requests see the end of a training of a model. */
    void refresh(String model) {
        try {
            models.refreshIfCached(model);
        } catch (BusyException | StorageUnavailableException e) { // refreshed periodically too
            log.debug("Model {} is not refreshed: {}", model, e.getMessage());
        }
    }
}
