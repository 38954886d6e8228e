package io.backprop.training.web;

import io.backprop.training.IdempotencyKeyReusedException;
import io.backprop.training.QueueFullException;
import io.backprop.training.TrainingNotFoundException;
import io.backprop.training.TrainingRunningException;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the exceptions of the package {@code training}. */
@RestControllerAdvice
@Order(0)
class TrainingAdvice {

    static final ProblemType TRAINING_NOT_FOUND = new ProblemType("training-not-found", HttpStatus.NOT_FOUND);
    static final ProblemType TRAINING_RUNNING = new ProblemType("training-running", HttpStatus.CONFLICT);
    static final ProblemType IDEMPOTENCY_KEY_REUSED =
            new ProblemType("idempotency-key-reused", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType QUEUE_FULL = new ProblemType("queue-full", HttpStatus.SERVICE_UNAVAILABLE);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TrainingNotFoundException e) {
        return ProblemResponse.of(TRAINING_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TrainingRunningException e) {
        ProblemDetail problem = TRAINING_RUNNING.problem(e.getMessage());
        problem.setProperty("training", "/models/" + e.modelId() + "/trainings/" + e.number());
        return ProblemResponse.of(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(IdempotencyKeyReusedException e) {
        return ProblemResponse.of(IDEMPOTENCY_KEY_REUSED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(QueueFullException e) {
        return ProblemResponse.of(QUEUE_FULL.problem(e.getMessage()), e.retryAfter());
    }
}
