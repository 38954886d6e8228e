package io.backprop.training.web;

import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.web.WaitPreference;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import java.time.Duration;
import java.util.Objects;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
    static final ProblemType TRAINING_NOT_KEPT = new ProblemType("training-not-kept", HttpStatus.CONFLICT);
    static final ProblemType NO_LIVE_PREDICTIONS = new ProblemType("no-live-predictions", HttpStatus.CONFLICT);
    static final ProblemType TRAINING_DIVERGED = new ProblemType("training-diverged", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType TRAINING_TIMED_OUT =
            new ProblemType("training-timed-out", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType TRAINING_FAILED = new ProblemType("training-failed", HttpStatus.INTERNAL_SERVER_ERROR);
    static final ProblemType TABLE_NOT_TRAINED = new ProblemType("table-not-trained", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType IDEMPOTENCY_KEY_REUSED =
            new ProblemType("idempotency-key-reused", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType QUEUE_FULL = new ProblemType("queue-full", HttpStatus.SERVICE_UNAVAILABLE);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TrainingException e) {
        ProblemType type = switch (e.kind()) {
            case NOT_FOUND -> TRAINING_NOT_FOUND;
            case RUNNING -> TRAINING_RUNNING;
            case QUEUE_FULL -> QUEUE_FULL;
            case TOO_MANY -> ProblemType.TOO_MANY_REQUESTS;
            case NOT_KEPT -> TRAINING_NOT_KEPT;
            case NOT_LIVE -> NO_LIVE_PREDICTIONS;
            case IDEMPOTENCY_KEY_REUSED -> IDEMPOTENCY_KEY_REUSED;
        };
        ProblemDetail problem = type.problem(e.getMessage());
        if (e.kind() == TrainingException.Kind.RUNNING) {
            problem.setProperty("runningTraining", "/models/%s/trainings/%d".formatted(e.modelId(), e.number()));
        }
        return type.equals(QUEUE_FULL) || type.equals(ProblemType.TOO_MANY_REQUESTS)
                ? ProblemResponse.of(problem, RETRY_AFTER)
                : ProblemResponse.of(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TrainingFailedException e) {
        ProblemType type = switch (Objects.requireNonNull(e.training.outcome().reason())) {
            case DIVERGED -> TRAINING_DIVERGED;
            case TIME_LIMIT -> TRAINING_TIMED_OUT;
            default -> isOfTable(e.training) ? TABLE_NOT_TRAINED : TRAINING_FAILED;
        };
        ProblemDetail problem = type.problem(e.getMessage());
        problem.setProperty("training", TrainingResponse.of(e.training));
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        e.wait.applied().ifPresent(applied -> response.header(WaitPreference.APPLIED, applied));
        return response.body(problem);
    }

    /** Whether a driver has tried to train on a table. */
    private static boolean isOfTable(Training training) {
        return training.settings() != null && training.settings().table() != null;
    }
}
