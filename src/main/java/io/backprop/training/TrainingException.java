package io.backprop.training;

/** A training cannot be found, or cannot be started. */
public sealed class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What prevents the operation. */
    public enum Kind {
        NOT_FOUND,
        RUNNING,
        QUEUE_FULL,
        IDEMPOTENCY_KEY_REUSED
    }

    private TrainingException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static TrainingException notFound(String modelId, int number) {
        return new TrainingException(Kind.NOT_FOUND, "the model \"%s\" has no training %d".formatted(modelId, number));
    }

    public static TrainingException running(String modelId, int number) {
        return new Running(modelId, number);
    }

    public static TrainingException queueFull(int capacity) {
        return new TrainingException(
                Kind.QUEUE_FULL,
                "all %d places in the queue of trainings are taken; try again later".formatted(capacity));
    }

    public static TrainingException idempotencyKeyReused(int number) {
        return new TrainingException(
                Kind.IDEMPOTENCY_KEY_REUSED,
                "training %d was started with this Idempotency-Key, but with another body".formatted(number));
    }

    public Kind kind() {
        return kind;
    }

    /** A model is trained by one training at a time, and one is queued or running. */
    public static final class Running extends TrainingException {

        private static final long serialVersionUID = 1;

        private final String modelId;
        private final int number;

        private Running(String modelId, int number) {
            super(
                    Kind.RUNNING,
                    "training %d of the model \"%s\" is still running; wait for it or cancel it"
                            .formatted(number, modelId));
            this.modelId = modelId;
            this.number = number;
        }

        public String modelId() {
            return modelId;
        }

        public int number() {
            return number;
        }
    }
}
