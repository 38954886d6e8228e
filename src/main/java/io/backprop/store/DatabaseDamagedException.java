package io.backprop.store;

import org.springframework.dao.NonTransientDataAccessResourceException;

/** The database is damaged. {@code sql-error-codes.xml} names the errors that mean this. */
public class DatabaseDamagedException extends NonTransientDataAccessResourceException {

    private static final long serialVersionUID = 1;

    public DatabaseDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
