package io.backprop.web.problem;

import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * Creates responses whose content type is set. Spring would negotiate it, and omits the body of a problem if the {@code
 * Accept} header cannot be parsed (ProblemTests).
 */
public final class ProblemResponse {

    private ProblemResponse() {}

    public static ResponseEntity<ProblemDetail> of(ProblemDetail problem) {
        return builder(problem).body(problem);
    }

    public static ResponseEntity<ProblemDetail> of(ProblemDetail problem, Duration retryAfter) {
        return builder(problem)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())))
                .body(problem);
    }

    private static ResponseEntity.BodyBuilder builder(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
}
