package io.backprop.interchange.web;

import io.backprop.interchange.ModelFileException;
import io.backprop.interchange.onnx.OnnxException;
import io.backprop.web.problem.ProblemResponse;
import io.backprop.web.problem.ProblemType;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the exceptions of the package {@code interchange}. */
@RestControllerAdvice
@Order(0)
class InterchangeAdvice {

    static final ProblemType INVALID_MODEL_FILE =
            new ProblemType("invalid-model-file", HttpStatus.UNPROCESSABLE_CONTENT);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ModelFileException e) {
        return ProblemResponse.of(INVALID_MODEL_FILE.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(OnnxException e) {
        return ProblemResponse.of(INVALID_MODEL_FILE.problem(e.getMessage()));
    }
}
