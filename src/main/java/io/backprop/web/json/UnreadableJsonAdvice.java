package io.backprop.web.json;

import io.backprop.limits.BusyException;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Translates failures to read a body. It precedes all other advices: those would handle the cause of the exception, which
 * does not know the path to the field.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnreadableJsonAdvice {

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> handle(HttpMessageNotReadableException e) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        Throwable cause = e.getCause();
        if (cause instanceof JacksonException && cause.getCause() instanceof BusyException busy) {
            return ProblemResponse.of(ProblemType.UNAVAILABLE.problem(busy.getMessage()), BusyException.RETRY_AFTER);
        }
        return ProblemResponse.of(problemOf(cause));
    }

    private static ProblemDetail problemOf(@Nullable Throwable cause) {
        if ((cause instanceof JacksonIOException ? cause.getCause() : cause) instanceof IOException failure) {
            return UnreadableBodyException.problemOf(failure);
        }
        return cause instanceof JacksonException unreadable
                ? JsonProblems.of(unreadable)
                : ProblemType.UNREADABLE_BODY.problem(UnreadableBodyException.MISSING);
    }
}
