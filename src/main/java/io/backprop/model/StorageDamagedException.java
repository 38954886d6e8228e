package io.backprop.model;

import org.jspecify.annotations.Nullable;

/** The database is damaged. What is intact can be read, but nothing is changed until a backup is restored. */
public class StorageDamagedException extends StorageUnavailableException {

    private static final long serialVersionUID = 1;

    public StorageDamagedException(@Nullable Throwable cause) {
        super(
                "the database is damaged: its intact models can be read, but nothing can be changed until a backup is"
                        + " restored",
                cause);
    }
}
