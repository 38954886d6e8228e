package io.backprop.training;

import org.jspecify.annotations.Nullable;

/** A training cannot be found, or cannot be started. */
public final class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final @Nullable String modelId;
    private final int number;

    /** What prevents the operation. */
    public enum Kind {
        NOT_FOUND,
        RUNNING,
        QUEUE_FULL,
        TOO_MANY,
        NOT_KEPT,
        NOT_LIVE,
        IDEMPOTENCY_KEY_REUSED
    }

    private TrainingException(Kind kind, @Nullable String modelId, int number, String message) {
        super(message);
        this.kind = kind;
        this.modelId = modelId;
        this.number = number;
    }

    public static TrainingException notFound(String modelId, int number) {
        return new TrainingException(
                Kind.NOT_FOUND, modelId, number, "the model \"%s\" has no training %d".formatted(modelId, number));
    }

    public static TrainingException searchNotFound(String modelId, int number) {
        return new TrainingException(
                Kind.NOT_FOUND,
                modelId,
                number,
                "training %d of the model \"%s\" is not a search".formatted(number, modelId));
    }

    /** A model is trained by one training at a time, and one is queued or running. */
    public static TrainingException running(String modelId, int number) {
        return new TrainingException(
                Kind.RUNNING,
                modelId,
                number,
                "training %d of the model \"%s\" is still running; wait for it or cancel it"
                        .formatted(number, modelId));
    }

    public static TrainingException queueFull(int capacity) {
        return new TrainingException(
                Kind.QUEUE_FULL,
                null,
                0,
                "all %d places in the queue of trainings are taken; try again later".formatted(capacity));
    }

    public static TrainingException queueDataFull(long bytes) {
        return new TrainingException(
                Kind.QUEUE_FULL,
                null,
                0,
                "the data of queued and running trainings may have at most %d bytes (backprop.training.queue-data), which this training would exceed; try again later"
                        .formatted(bytes));
    }

    /** The owner has as many queued trainings as there are free places. */
    public static TrainingException queueShareTaken(String owner, long own, int capacity) {
        return new TrainingException(
                Kind.TOO_MANY,
                null,
                0,
                "the key \"%s\" has %d queued trainings, which is its share of the %d places in the queue (backprop.training.queue); try again later"
                        .formatted(owner, own, capacity));
    }

    public static TrainingException queueDataShareTaken(String owner, long own, long bytes) {
        return new TrainingException(
                Kind.TOO_MANY,
                null,
                0,
                "the queued and running trainings of the key \"%s\" have %d bytes of data, and with this training more than its share of %d bytes (backprop.training.queue-data); try again later"
                        .formatted(owner, own, bytes));
    }

    static TrainingException tooManyWaits(int maximum) {
        return new TrainingException(
                Kind.TOO_MANY,
                null,
                0,
                "all %d waits for trainings are taken (backprop.training.waits); try again later, or with Prefer: respond-async"
                        .formatted(maximum));
    }

    static TrainingException tooManyKeys(String modelId, int maximum) {
        return new TrainingException(
                Kind.TOO_MANY,
                modelId,
                0,
                "the model \"%s\" has %d trainings with an Idempotency-Key of the last %d hours, which is the maximum (backprop.training.keys); try again later, or without a key"
                        .formatted(modelId, maximum, IdempotencyKey.LIFETIME.toHours()));
    }

    /** The parameters of a training are to be kept, but it has none to publish. */
    static TrainingException notKept(Training training) {
        String reason;
        if (training.kind() == Training.Kind.CROSS_VALIDATION) {
            reason = "is a cross-validation, which has no parameters to keep";
        } else if (training.state() == Training.State.FAILED) {
            reason = "has failed, so that it has no parameters to keep";
        } else {
            reason = "was cancelled without keep, so that its parameters are lost";
        }
        return new TrainingException(
                Kind.NOT_KEPT,
                training.model(),
                training.number(),
                "training %d of the model \"%s\" %s".formatted(training.number(), training.model(), reason));
    }

    /** The parameters that a training has reached can't be seen. */
    static TrainingException notLive(Training training) {
        String reason = switch (training.kind()) {
            case CROSS_VALIDATION -> "is a cross-validation, whose networks are not those of the model";
            case SEARCH -> "is a search, whose networks are not those of the model";
            case TRAINING ->
                training.isOver()
                        ? "has ended; predict with the model instead"
                        : "waits for a driver to read its table";
        };
        return new TrainingException(
                Kind.NOT_LIVE,
                training.model(),
                training.number(),
                "training %d of the model \"%s\" %s".formatted(training.number(), training.model(), reason));
    }

    public static TrainingException idempotencyKeyReused(String modelId, int number) {
        return new TrainingException(
                Kind.IDEMPOTENCY_KEY_REUSED,
                modelId,
                number,
                "training %d was started with this Idempotency-Key, but with another body".formatted(number));
    }

    public Kind kind() {
        return kind;
    }

    /** The model of the training; null if it is about no training in particular. */
    public @Nullable String modelId() {
        return modelId;
    }

    /** The number of the training that the model has or lacks. */
    public int number() {
        return number;
    }
}
