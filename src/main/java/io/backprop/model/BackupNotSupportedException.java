package io.backprop.model;

/** The service cannot back up its database itself. */
public class BackupNotSupportedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BackupNotSupportedException() {
        super("the service backs up only SQLite databases; use pg_dump for PostgreSQL, as the README describes");
    }
}
