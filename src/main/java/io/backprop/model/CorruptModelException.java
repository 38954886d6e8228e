package io.backprop.model;

/** A model or one of its versions is stored, but cannot be read any more. */
public final class CorruptModelException extends ModelException {

    private static final long serialVersionUID = 1;

    private CorruptModelException(String message) {
        super(Kind.CORRUPT, message);
    }

    /** The settings, which all versions need. */
    public static CorruptModelException ofSettings(String id) {
        return new CorruptModelException(
                "the settings of the model \"%s\" are corrupt; delete the model".formatted(id));
    }

    public static CorruptModelException ofVersion(String id, long version) {
        return new CorruptModelException(
                "version %d of the model \"%s\" is corrupt; restore another version, or delete the model"
                        .formatted(version, id));
    }
}
