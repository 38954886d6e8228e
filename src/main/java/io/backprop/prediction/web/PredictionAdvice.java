package io.backprop.prediction.web;

import io.backprop.prediction.InvalidThresholdException;
import io.backprop.prediction.ScoringException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the exceptions of the package {@code prediction}. */
@RestControllerAdvice
@Order(0)
class PredictionAdvice {

    static final ProblemType PREDICTION_NOT_FOUND = new ProblemType("prediction-not-found", HttpStatus.NOT_FOUND);
    static final ProblemType OUTPUT_TAKEN = new ProblemType("output-taken", HttpStatus.CONFLICT);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidThresholdException e) {
        return ProblemResponse.of(
                ProblemType.INVALID_FIELD.problem(FieldProblem.parameter("threshold", String.valueOf(e.getMessage()))));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ScoringException e) {
        return switch (e.kind()) {
            case NOT_FOUND -> ProblemResponse.of(PREDICTION_NOT_FOUND.problem(e.getMessage()));
            case OUTPUT_TAKEN -> ProblemResponse.of(OUTPUT_TAKEN.problem(e.getMessage()));
            case TOO_MANY -> ProblemResponse.of(ProblemType.TOO_MANY_REQUESTS.problem(e.getMessage()), RETRY_AFTER);
        };
    }
}
