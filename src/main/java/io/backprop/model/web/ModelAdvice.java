package io.backprop.model.web;

import io.backprop.model.InvalidInputException;
import io.backprop.model.InvalidParameterException;
import io.backprop.model.ModelExistsException;
import io.backprop.model.ModelInTrainingException;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelNotTrainedException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.model.VersionMismatchException;
import io.backprop.model.VersionNotFoundException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
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
    static final ProblemType VERSION_NOT_FOUND = new ProblemType("version-not-found", HttpStatus.NOT_FOUND);
    static final ProblemType VERSION_MISMATCH = new ProblemType("version-mismatch", HttpStatus.PRECONDITION_FAILED);
    static final ProblemType TRAINING_RUNNING = new ProblemType("training-running", HttpStatus.CONFLICT);
    static final ProblemType STORAGE_FULL = new ProblemType("storage-full", HttpStatus.INSUFFICIENT_STORAGE);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelNotFoundException e) {
        return ProblemResponse.of(MODEL_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelExistsException e) {
        return ProblemResponse.of(MODEL_EXISTS.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelNotTrainedException e) {
        return ProblemResponse.of(MODEL_NOT_TRAINED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(VersionNotFoundException e) {
        return ProblemResponse.of(VERSION_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(VersionMismatchException e) {
        return ProblemResponse.of(VERSION_MISMATCH.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelInTrainingException e) {
        return ProblemResponse.of(TRAINING_RUNNING.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidInputException e) {
        return ProblemResponse.of(ProblemType.INVALID_FIELD.problem(FieldProblem.sentence(e.field(), e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidParameterException e) {
        return ProblemResponse.of(ProblemType.INVALID_FIELD.problem(
                FieldProblem.parameter(e.parameter(), String.valueOf(e.getMessage()))));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(StorageUnavailableException e) {
        return ProblemResponse.of(ProblemType.UNAVAILABLE.problem(e.getMessage()), e.retryAfter());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(StorageFullException e) {
        return ProblemResponse.of(STORAGE_FULL.problem(e.getMessage()));
    }
}
