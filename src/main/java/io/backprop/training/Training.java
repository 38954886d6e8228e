package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The state of a training at one moment.
 *
 * @param id key in the store
 * @param number from 1, for each model
 * @param epochs number of planned epochs, of all folds or trials together
 * @param examples number of examples of an epoch
 * @param folds number of folds of a cross-validation; 0 for a training of the model itself
 * @param settings null if they can't be read
 * @param queuePosition 1 for the queued training that starts next; null unless queued
 * @param outcome {@link TrainingOutcome#NONE} before the end
 * @param warnings what was done to the data that the client may not expect
 * @param owner name of the API key that queued the training; empty if none was needed
 * @param key the idempotency key of the request that started the training
 */
public record Training(
        String id,
        String model,
        int number,
        Kind kind,
        State state,
        int epochs,
        long examples,
        int folds,
        @Nullable TrainingSettings settings,
        @Nullable Integer queuePosition,
        Progress progress,
        TrainingOutcome outcome,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> warnings,
        String owner,
        @Nullable IdempotencyKey key) {

    /**
     * What a training has done so far.
     *
     * @param epochs number of completed epochs
     * @param loss training loss of the last one
     * @param validationLoss validation loss of the last one; null without validation
     * @param validationMetrics validation metrics of the last one; null if none was measured
     * @param worked time spent in training, by all processes that have worked on it
     */
    public record Progress(
            int epochs,
            @Nullable Double loss,
            @Nullable Double validationLoss,
            @Nullable Map<String, @Nullable Double> validationMetrics,
            Duration worked) {

        /** The progress before the first epoch. */
        public static final Progress NONE = of(History.EMPTY, Duration.ZERO);

        private static final int MAX_DAYS = 10_000;

        public Progress {
            requireArgument(
                    worked.toDays() < MAX_DAYS, "worked must be less than %d days, but is %s", MAX_DAYS, worked);
        }

        /** This progress after, or beside, other work. */
        public Progress plus(int otherEpochs, Duration otherWorked) {
            return new Progress(
                    epochs + otherEpochs, loss, validationLoss, validationMetrics, worked.plus(otherWorked));
        }

        /** This progress after more time. */
        Progress withWorked(Duration newWorked) {
            return new Progress(epochs, loss, validationLoss, validationMetrics, newWorked);
        }

        public static Progress of(History history, Duration worked) {
            return new Progress(
                    history.loss().size(),
                    history.lastLoss(),
                    history.lastValidationLoss(),
                    history.lastValidationMetrics(),
                    worked);
        }
    }

    public enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        CANCELLED,
        FAILED
    }

    /** The name of this training in the log. */
    String name() {
        return "Training %d of model %s".formatted(number, model);
    }

    /**
     * Logs an event of this training with its figures as key-value pairs, under the names that they have on HTTP. Those that
     * are null are left out.
     */
    public void log(LoggingEventBuilder line, String event) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("model", model);
        figures.put("number", number);
        figures.put("kind", lowerCase(kind));
        figures.put("state", lowerCase(state));
        figures.put("stopReason", lowerCase(outcome.reason()));
        figures.put("examples", examples);
        figures.put("epochs", epochs);
        figures.put("epochsCompleted", progress.epochs());
        figures.put("seconds", progress.worked().toMillis() / 1e3);
        figures.put(
                "queuedSeconds",
                startedAt == null ? null : Duration.between(queuedAt, startedAt).toMillis() / 1e3);
        figures.put("examplesPerSecond", examplesPerSecond());
        figures.put("loss", progress.loss());
        figures.put("validationLoss", progress.validationLoss());
        figures.put("version", outcome.version());
        figures.put("key", owner.isEmpty() ? null : owner);
        figures.put("reason", outcome.error());
        LoggingEventBuilder complete = line;
        for (Map.Entry<String, @Nullable Object> figure : figures.entrySet()) {
            if (figure.getValue() != null) {
                complete = complete.addKeyValue(figure.getKey(), figure.getValue());
            }
        }
        complete.log("Training {}:", event);
    }

    private static @Nullable String lowerCase(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }

    /** This training, which is running, at its end. */
    public Training ended(TrainingOutcome end, Progress last) {
        return with(end.state(), last, end, null);
    }

    /** What a training is for. */
    public enum Kind {
        TRAINING,
        CROSS_VALIDATION,
        SEARCH
    }

    /** The warnings about the data and those about the result. */
    public List<String> allWarnings() {
        return Stream.concat(warnings.stream(), outcome.warnings().stream()).toList();
    }

    public boolean isOver() {
        return state != State.QUEUED && state != State.RUNNING;
    }

    /** Whether the training has ended without publishing the parameters that it had reached. */
    boolean hasLostParameters() {
        return isOver() && startedAt != null && outcome.version() == null;
    }

    /** Completed share of the planned epochs; 1 if the training has succeeded, even if it stopped early. */
    public double completion() {
        return state == State.SUCCEEDED ? 1 : (double) progress.epochs() / epochs;
    }

    /** Examples per second, each counted once per epoch; null if no time was spent. */
    public @Nullable Double examplesPerSecond() {
        double seconds = progress.worked().toNanos() / 1e9;
        return startedAt == null || seconds == 0
                ? null
                : (double) Math.round((double) examples * progress.epochs() / seconds);
    }

    /** The results of a cross-validation, which are empty before the end; null for a training of the model itself. */
    public @Nullable CrossValidation crossValidation() {
        return folds == 0 ? null : new CrossValidation(folds, outcome.folds());
    }

    /** This training with another progress. */
    public Training withProgress(Progress current) {
        return with(state, current, outcome, finishedAt);
    }

    /** This training, which is not over, after its model was deleted. */
    public Training deleted(Instant now) {
        return with(State.CANCELLED, progress, TrainingOutcome.CANCELLED, now);
    }

    private Training with(State newState, Progress newProgress, TrainingOutcome newOutcome, @Nullable Instant newEnd) {
        return new Training(
                id,
                model,
                number,
                kind,
                newState,
                epochs,
                examples,
                folds,
                settings,
                newState == State.QUEUED ? queuePosition : null,
                newProgress,
                newOutcome,
                queuedAt,
                startedAt,
                newEnd,
                warnings,
                owner,
                key);
    }
}
