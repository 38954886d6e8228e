package io.backprop.model;

/** An operation is not possible in the current state of a model. */
public sealed class ModelException extends RuntimeException permits CorruptModelException, ModelNotFoundException {

    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What prevents the operation. */
    public enum Kind {
        NOT_FOUND,
        EXISTS,
        NOT_TRAINED,
        IN_TRAINING,
        VERSION_NOT_FOUND,
        VERSION_MISMATCH,
        CORRUPT
    }

    ModelException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static ModelException exists(String id) {
        return new ModelException(
                Kind.EXISTS, "there is a model \"%s\" already; choose another id or delete it first".formatted(id));
    }

    public static ModelException notTrained(String id) {
        return new ModelException(
                Kind.NOT_TRAINED, "the model \"%s\" has not been trained yet; train it first".formatted(id));
    }

    public static ModelException inTraining(String id) {
        return new ModelException(
                Kind.IN_TRAINING,
                "the model \"%s\" is being trained; wait for the training or cancel it".formatted(id));
    }

    /** The model changed while the rows of its training were being read. */
    public static ModelException changed(String id) {
        return new ModelException(
                Kind.IN_TRAINING, "the model \"%s\" was changed while the table was read; send it again".formatted(id));
    }

    public static ModelException versionNotFound(String id, long version, long current) {
        return versionNotFound(id, Long.toString(version), current);
    }

    /** A version that is not kept, or is no number. */
    public static ModelException versionNotFound(String id, String version, long current) {
        return new ModelException(
                Kind.VERSION_NOT_FOUND,
                "version %s of the model \"%s\" is not kept; the current version is %d"
                        .formatted(version, id, current));
    }

    public static ModelException versionMismatch(String id, String revision) {
        return new ModelException(
                Kind.VERSION_MISMATCH, "the model \"%s\" has changed: its ETag is now \"%s\"".formatted(id, revision));
    }

    public Kind kind() {
        return kind;
    }
}
