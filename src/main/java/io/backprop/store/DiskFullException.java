package io.backprop.store;

import org.springframework.dao.NonTransientDataAccessResourceException;

/** The database has no room on its disk. {@code sql-error-codes.xml} names the errors that mean this. */
public class DiskFullException extends NonTransientDataAccessResourceException {

    private static final long serialVersionUID = 1;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
