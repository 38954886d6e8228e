package io.backprop.web.problem;

import static io.backprop.web.problem.ProblemType.IDEMPOTENCY_KEY_REUSED;
import static io.backprop.web.problem.ProblemType.INTERNAL_ERROR;
import static io.backprop.web.problem.ProblemType.INVALID_FIELD;
import static io.backprop.web.problem.ProblemType.LIMIT_EXCEEDED;
import static io.backprop.web.problem.ProblemType.MALFORMED_REQUEST;
import static io.backprop.web.problem.ProblemType.MODEL_EXISTS;
import static io.backprop.web.problem.ProblemType.MODEL_NOT_FOUND;
import static io.backprop.web.problem.ProblemType.MODEL_NOT_TRAINED;
import static io.backprop.web.problem.ProblemType.QUEUE_FULL;
import static io.backprop.web.problem.ProblemType.STORAGE_FULL;
import static io.backprop.web.problem.ProblemType.TRAINING_NOT_FOUND;
import static io.backprop.web.problem.ProblemType.TRAINING_RUNNING;
import static io.backprop.web.problem.ProblemType.UNAVAILABLE;
import static io.backprop.web.problem.ProblemType.UNREADABLE_BODY;
import static io.backprop.web.problem.ProblemType.UNREADABLE_PARAMETER;
import static io.backprop.web.problem.ProblemType.UNSUPPORTED_MEDIA_TYPE;
import static io.backprop.web.problem.ProblemType.VERSION_MISMATCH;
import static io.backprop.web.problem.ProblemType.VERSION_NOT_FOUND;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.limits.LimitExceededException;
import io.backprop.limits.MemoryBusyException;
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
import io.backprop.tabular.TableException;
import io.backprop.training.IdempotencyKeyReusedException;
import io.backprop.training.QueueFullException;
import io.backprop.training.TrainingNotFoundException;
import io.backprop.training.TrainingRunningException;
import io.backprop.web.server.BodyTooLargeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.util.DisconnectedClientHelper;

/** The one place where exceptions become answers. */
@RestControllerAdvice
class ProblemAdvice extends HttpProblems {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(ModelNotFoundException e) {
        return answer(MODEL_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(ModelExistsException e) {
        return answer(MODEL_EXISTS.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(ModelNotTrainedException e) {
        return answer(MODEL_NOT_TRAINED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(VersionMismatchException e) {
        return answer(VERSION_MISMATCH.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(ModelInTrainingException e) {
        return answer(TRAINING_RUNNING.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(VersionNotFoundException e) {
        return answer(VERSION_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(LimitExceededException e) {
        return answer(LIMIT_EXCEEDED.problem(error(e.field(), e)));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(InvalidArgumentException e) {
        return answer(INVALID_FIELD.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(InvalidInputException e) {
        return answer(INVALID_FIELD.problem(error(e.field(), e)));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(TableException e) {
        return answer(
                switch (e.kind()) {
                    case UNREADABLE -> UNREADABLE_BODY.problem(e.getMessage());
                    case INVALID -> INVALID_FIELD.problem(error("rows", e));
                    case TOO_LARGE -> LIMIT_EXCEEDED.problem(error("rows", e));
                });
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(InvalidParameterException e) {
        FieldProblem error = FieldProblem.parameter(e.parameter(), String.valueOf(e.getMessage()));
        return answer(INVALID_FIELD.problem(error));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(UnreadableParameterException e) {
        FieldProblem error = FieldProblem.parameter(e.parameter(), String.valueOf(e.getMessage()));
        return answer(UNREADABLE_PARAMETER.problem(error));
    }

    private static FieldProblem error(String field, Exception e) {
        String pointer = field.isEmpty() || field.startsWith("/") ? field : "/" + field;
        return FieldProblem.sentence(pointer, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(TrainingNotFoundException e) {
        return answer(TRAINING_NOT_FOUND.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(TrainingRunningException e) {
        ProblemDetail problem = TRAINING_RUNNING.problem(e.getMessage());
        problem.setProperty("training", "/models/" + e.modelId() + "/trainings/" + e.number());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(IdempotencyKeyReusedException e) {
        return answer(IDEMPOTENCY_KEY_REUSED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(QueueFullException e) {
        return answer(QUEUE_FULL.problem(e.getMessage()), e.retryAfter());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(StorageUnavailableException e) {
        return answer(UNAVAILABLE.problem(e.getMessage()), e.retryAfter());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(MemoryBusyException e) {
        return answer(UNAVAILABLE.problem(e.getMessage()), MemoryBusyException.RETRY_AFTER);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(StorageFullException e) {
        return answer(STORAGE_FULL.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(BodyTooLargeException e) {
        return answer(transferProblem(e));
    }

    /** The server takes the query apart only when it is asked for. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(org.apache.tomcat.util.http.InvalidParameterException e) {
        return answer(MALFORMED_REQUEST.problem("the query is not valid"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(MultipartException e) {
        return answer(UNSUPPORTED_MEDIA_TYPE.problem("the body must not be multipart/form-data"));
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> on(Exception e, ServletWebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        ResponseEntity<ProblemDetail> answer = answerUnforeseen(e, request);
        return isCommitted(request) ? null : answer;
    }

    private ResponseEntity<ProblemDetail> answerUnforeseen(Exception e, ServletWebRequest request) {
        String path = request.getRequest().getRequestURI();
        if (e.getCause() instanceof OutOfMemoryError error) { // Spring wraps each Error that comes from a controller
            log.error("{} {} ran out of memory: {}", request.getHttpMethod(), path, error.getMessage());
            return on(new MemoryBusyException());
        }
        log.error("{} {} failed", request.getHttpMethod(), path, e);
        return answer(INTERNAL_ERROR.problem(INTERNAL_ERROR.meaning()));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem, Duration retryAfter) {
        return ResponseEntity.status(problem.getStatus())
                .header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
