package io.backprop.store.format;

/** Stored data have a format that only a newer version of the service knows. */
public final class NewerFormatException extends CorruptDataException {

    private static final long serialVersionUID = 1;

    NewerFormatException(String name, int known, int found) {
        super("%s has format version %d, but this version of the service knows only version %d"
                .formatted(name, found, known));
    }
}
