package io.backprop.openinference;

/** A model was unloaded in this process. */
public final class ModelUnloadedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ModelUnloadedException(String id) {
        super("the model \"%s\" is unloaded; load it first".formatted(id));
    }
}
