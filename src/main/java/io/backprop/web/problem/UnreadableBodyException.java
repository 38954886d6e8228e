package io.backprop.web.problem;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.springframework.http.ProblemDetail;

/** The body of a request cannot be read to its end. */
public final class UnreadableBodyException extends IOException {

    public static final String MISSING = "the request must have a body, but it is empty or null";

    private static final long serialVersionUID = 1;

    private final transient ProblemType type;

    public UnreadableBodyException(ProblemType type, String message) {
        super(message);
        this.type = type;
    }

    /** Returns the problem that an exception describes which occurred while a body was being read. */
    public static ProblemDetail problemOf(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableBodyException unreadable) {
                return unreadable.type.problem(cause.getMessage());
            }
            if (cause instanceof SocketTimeoutException) {
                return ProblemType.REQUEST_TIMEOUT.problem("the body did not arrive in time");
            }
        }
        return ProblemType.UNREADABLE_BODY.problem("the body ends before it should");
    }
}
