package io.backprop.model;

/** A model is intact, but stored in a format that only a newer version of the service can read. */
public class NewerModelException extends StorageUnavailableException {

    private static final long serialVersionUID = 1;

    public NewerModelException(Throwable cause) {
        super("the model was written by a newer version of the service; update this one to use it", cause);
    }
}
