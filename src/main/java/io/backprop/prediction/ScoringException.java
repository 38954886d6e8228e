package io.backprop.prediction;

/** A scoring cannot be found, or cannot be started. */
public final class ScoringException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What prevents the operation. */
    public enum Kind {
        NOT_FOUND,
        OUTPUT_TAKEN,
        TOO_MANY
    }

    private ScoringException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static ScoringException notFound(String model, int number) {
        return new ScoringException(
                Kind.NOT_FOUND, "the model \"%s\" has no prediction %d for a table".formatted(model, number));
    }

    public static ScoringException outputTaken(String output) {
        return new ScoringException(
                Kind.OUTPUT_TAKEN,
                "the output \"%s\" is that of a prediction that is queued or running; choose another name, or wait for it"
                        .formatted(output));
    }

    public static ScoringException tooMany(String model, int limit) {
        return new ScoringException(
                Kind.TOO_MANY,
                "%d predictions of the model \"%s\" for tables are queued or running, as many as may be (backprop.drivers.scorings); wait for one or cancel it"
                        .formatted(limit, model));
    }

    public Kind kind() {
        return kind;
    }
}
