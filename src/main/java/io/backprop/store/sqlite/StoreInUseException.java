package io.backprop.store.sqlite;

import java.nio.file.Path;

/** Another process uses the database. */
public final class StoreInUseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreInUseException(Path database) {
        super("another process uses the database " + database);
    }
}
