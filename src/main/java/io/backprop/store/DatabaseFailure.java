package io.backprop.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What kind of trouble a database is in, by the codes of SQLite and the states of PostgreSQL. */
enum DatabaseFailure {
    /** No room on the disk. */
    FULL,
    /** Not there, not ready, or busy. */
    UNAVAILABLE,
    /** Not the database's fault. */
    OTHER;

    private static final int SQLITE_FULL = 13;

    /** Busy, locked, read-only, I/O error, corrupt, can't be opened, not a database. */
    private static final Set<Integer> SQLITE_UNAVAILABLE = Set.of(5, 6, 8, 10, 11, 14, 26);

    private static final String POSTGRES_FULL = "53100";

    /** Classes of states: connection, resources, operator's intervention, system error; a server that only reads. */
    private static final Set<String> POSTGRES_UNAVAILABLE = Set.of("08", "53", "57", "58", "25");

    static DatabaseFailure of(Throwable failure) {
        SQLException cause = sqlException(failure);
        if (cause != null && (POSTGRES_FULL.equals(cause.getSQLState()) || isSqlite(cause, Set.of(SQLITE_FULL)))) {
            return FULL;
        }
        if (failure instanceof TransactionException) { // it could not begin, or not even be undone
            return UNAVAILABLE;
        }
        return cause != null && (isSqlite(cause, SQLITE_UNAVAILABLE) || isPostgresUnavailable(cause) || isOfPool(cause))
                ? UNAVAILABLE
                : OTHER;
    }

    /** What the database itself says. */
    static String messageOf(Throwable failure) {
        SQLException cause = sqlException(failure);
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }

    private static boolean isSqlite(SQLException e, Set<Integer> codes) {
        return e.getSQLState() == null && codes.contains(e.getErrorCode());
    }

    private static boolean isPostgresUnavailable(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && POSTGRES_UNAVAILABLE.contains(state.substring(0, 2));
    }

    /** The pool's own, which have no code: no connection in time, or the service is stopping. */
    private static boolean isOfPool(SQLException e) {
        return e instanceof SQLTransientConnectionException
                || String.valueOf(e.getMessage()).endsWith("has been closed.");
    }

    /** The innermost one; where a rollback failed as well, of what it was for. */
    private static @Nullable SQLException sqlException(Throwable failure) {
        Throwable first = failure instanceof TransactionSystemException e && e.getApplicationException() != null
                ? e.getApplicationException()
                : failure;
        SQLException found = null;
        for (Throwable cause = first; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                found = e;
            }
        }
        return found;
    }
}
