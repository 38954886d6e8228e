package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.training.TrainingException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

class TrainingAdviceTests {

    private final TrainingAdvice advice = new TrainingAdvice();

    @Test
    void translatesExceptions() {
        check(
                advice.handle(TrainingException.notFound("xor", 7)),
                404,
                "/problems/training-not-found",
                "the model \"xor\" has no training 7");
        check(
                advice.handle(TrainingException.running("xor", 3)),
                409,
                "/problems/training-running",
                "training 3 of the model \"xor\" is still running; wait for it or cancel it");
        check(
                advice.handle(TrainingException.queueFull(100)),
                503,
                "/problems/queue-full",
                "all 100 places in the queue of trainings are taken; try again later");
        check(
                advice.handle(TrainingException.queueShareTaken("alice", 50, 100)),
                429,
                "/problems/too-many-requests",
                "the key \"alice\" has 50 queued trainings, which is its share of the 100 places in the queue"
                        + " (backprop.training.queue); try again later");
    }

    @Test
    void linksToTheRunningTrainingAndSetsRetryAfter() {
        assertThat(advice.handle(TrainingException.running("xor", 3)).getBody())
                .extracting(ProblemDetail::getProperties)
                .isEqualTo(Map.of("runningTraining", "/models/xor/trainings/3"));
        assertThat(advice.handle(TrainingException.queueFull(100)).getHeaders().getFirst("Retry-After"))
                .isEqualTo("5");
    }

    private static void check(ResponseEntity<ProblemDetail> response, int status, String type, String detail) {
        ProblemDetail problem = Objects.requireNonNull(response.getBody());
        assertThat(response.getStatusCode().value()).isEqualTo(status).isEqualTo(problem.getStatus());
        assertThat(problem.getType()).hasToString(type);
        assertThat(problem.getDetail()).isEqualTo(detail);
    }
}
