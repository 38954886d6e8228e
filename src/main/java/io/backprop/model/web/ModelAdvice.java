package io.backprop.model.web;

import io.backprop.model.BackupNotSupportedException;
import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelException;
import io.backprop.model.PageCursor;
import io.backprop.model.StorageDamagedException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
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

/** Translates the exceptions of the package {@code model}, which all features share. */
@RestControllerAdvice
@Order(0)
class ModelAdvice {

    static final ProblemType MODEL_NOT_FOUND = new ProblemType("model-not-found", HttpStatus.NOT_FOUND);
    static final ProblemType MODEL_EXISTS = new ProblemType("model-exists", HttpStatus.CONFLICT);
    static final ProblemType MODEL_NOT_TRAINED = new ProblemType("model-not-trained", HttpStatus.CONFLICT);
    static final ProblemType TRAINING_RUNNING = new ProblemType("training-running", HttpStatus.CONFLICT);
    static final ProblemType VERSION_NOT_FOUND = new ProblemType("version-not-found", HttpStatus.NOT_FOUND);
    static final ProblemType VERSION_MISMATCH = new ProblemType("version-mismatch", HttpStatus.PRECONDITION_FAILED);
    static final ProblemType STORAGE_FULL = new ProblemType("storage-full", HttpStatus.INSUFFICIENT_STORAGE);

    static final ProblemType CORRUPT_DATA = new ProblemType("corrupt-data", HttpStatus.INTERNAL_SERVER_ERROR);

    static final ProblemType BACKUP_NOT_SUPPORTED = new ProblemType("backup-not-supported", HttpStatus.NOT_IMPLEMENTED);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelException e) {
        ProblemType type = switch (e.kind()) {
            case NOT_FOUND -> MODEL_NOT_FOUND;
            case EXISTS -> MODEL_EXISTS;
            case NOT_TRAINED -> MODEL_NOT_TRAINED;
            case IN_TRAINING -> TRAINING_RUNNING;
            case VERSION_NOT_FOUND -> VERSION_NOT_FOUND;
            case VERSION_MISMATCH -> VERSION_MISMATCH;
            case CORRUPT -> CORRUPT_DATA;
        };
        return ProblemResponse.of(type.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidInputException e) {
        return ProblemResponse.of(ProblemType.INVALID_FIELD.problem(FieldProblem.sentence(e.field(), e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(PageCursor.InvalidException e) {
        return ProblemResponse.of(
                ProblemType.INVALID_FIELD.problem(FieldProblem.parameter("cursor", String.valueOf(e.getMessage()))));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(StorageUnavailableException e) {
        return ProblemResponse.of(ProblemType.UNAVAILABLE.problem(e.getMessage()), RETRY_AFTER);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(StorageDamagedException e) {
        return ProblemResponse.of(CORRUPT_DATA.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(BackupNotSupportedException e) {
        return ProblemResponse.of(BACKUP_NOT_SUPPORTED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(StorageFullException e) {
        return ProblemResponse.of(STORAGE_FULL.problem(e.getMessage()));
    }
}
