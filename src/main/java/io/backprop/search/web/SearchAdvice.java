package io.backprop.search.web;

import io.backprop.web.WaitPreference;
import io.backprop.web.problem.ProblemType;
import java.util.Objects;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Translates the failure of a search. Its problems are those of a training. */
@RestControllerAdvice
@Order(0)
class SearchAdvice {

    static final ProblemType TRAINING_DIVERGED = new ProblemType("training-diverged", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType TRAINING_TIMED_OUT =
            new ProblemType("training-timed-out", HttpStatus.UNPROCESSABLE_CONTENT);
    static final ProblemType TRAINING_FAILED = new ProblemType("training-failed", HttpStatus.INTERNAL_SERVER_ERROR);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(SearchFailedException e) {
        ProblemType type =
                switch (Objects.requireNonNull(e.search.training().outcome().reason())) {
                    case DIVERGED -> TRAINING_DIVERGED;
                    case TIME_LIMIT -> TRAINING_TIMED_OUT;
                    default -> TRAINING_FAILED;
                };
        ProblemDetail problem = type.problem(e.getMessage());
        problem.setProperty("search", SearchResponse.of(e.search));
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        e.wait.applied().ifPresent(applied -> response.header(WaitPreference.APPLIED, applied));
        return response.body(problem);
    }
}
