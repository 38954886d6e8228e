package io.backprop.store;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** The service can't start with this store. */
final class StoreUnusableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String action;

    /**
     * @param message what is wrong, and where
     * @param action what to do about it
     */
    StoreUnusableException(String message, String action, Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /** A store that can't be opened. */
    static StoreUnusableException of(String place, Throwable cause) {
        return new StoreUnusableException(
                "The store of models, %s, can't be opened: %s".formatted(place, reason(cause)),
                "Check that it is there, that this user may read and write it, and that nobody else uses it; or name"
                        + " another folder in backprop.store.folder, or another database in spring.datasource.url.",
                cause);
    }

    /** A store that a newer version of the service has made something else of. */
    static StoreUnusableException newer(String place, String version) {
        return new StoreUnusableException(
                "The store of models, %s, was written by a newer version of this service (its schema is of version %s). It was left as it is."
                        .formatted(place, version),
                "Start the newer version, or name another folder in backprop.store.folder, or another database in"
                        + " spring.datasource.url.",
                new IllegalStateException("schema " + version));
    }

    private static String reason(Throwable cause) {
        if (cause instanceof FileAlreadyExistsException file) {
            return file.getFile() + " is not a folder";
        }
        return cause instanceof FileSystemException file
                ? "%s: %s".formatted(file.getFile(), file.getReason())
                : DatabaseFailure.messageOf(cause);
    }

    String action() {
        return action;
    }
}
