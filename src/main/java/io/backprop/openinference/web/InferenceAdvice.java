package io.backprop.openinference.web;

import io.backprop.openinference.ModelUnloadedException;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the exceptions of the package {@code openinference}. */
@RestControllerAdvice
@Order(0)
class InferenceAdvice {

    static final ProblemType MODEL_UNLOADED = new ProblemType("model-unloaded", HttpStatus.BAD_REQUEST);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelUnloadedException e) {
        return ProblemResponse.of(MODEL_UNLOADED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(NotReadyException e) {
        return ProblemResponse.of(ProblemType.UNAVAILABLE.problem(e.getMessage()));
    }
}
