package io.backprop.prediction.web;

import io.backprop.prediction.InvalidThresholdException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the exceptions of the package {@code prediction}. */
@RestControllerAdvice
@Order(0)
class PredictionAdvice {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidThresholdException e) {
        return ProblemResponse.of(
                ProblemType.INVALID_FIELD.problem(FieldProblem.parameter("threshold", String.valueOf(e.getMessage()))));
    }
}
