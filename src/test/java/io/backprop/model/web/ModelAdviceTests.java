package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelException;
import io.backprop.model.ModelNotFoundException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

class ModelAdviceTests {

    private final ModelAdvice advice = new ModelAdvice();

    @Test
    void translatesExceptions() {
        check(
                advice.handle(new ModelNotFoundException("xor")),
                404,
                "/problems/model-not-found",
                "there is no model \"xor\"");
        check(
                advice.handle(ModelException.exists("xor")),
                409,
                "/problems/model-exists",
                "there is a model \"xor\" already; choose another id or delete it first");
        check(
                advice.handle(ModelException.notTrained("xor")),
                409,
                "/problems/model-not-trained",
                "the model \"xor\" has not been trained yet; train it first");
        check(
                advice.handle(ModelException.versionMismatch("xor", "b-2")),
                412,
                "/problems/version-mismatch",
                "the model \"xor\" has changed: its ETag is now \"b-2\"");
        check(
                advice.handle(ModelException.versionNotFound("xor", 3, 1)),
                404,
                "/problems/version-not-found",
                "version 3 of the model \"xor\" is not kept; the current version is 1");
        check(
                advice.handle(ModelException.inTraining("xor")),
                409,
                "/problems/training-running",
                "the model \"xor\" is being trained; wait for the training or cancel it");
        check(
                advice.handle(new InvalidInputException("inputs", "inputs has rows of 3, but the model takes 2")),
                422,
                "/problems/invalid-field",
                "inputs has rows of 3, but the model takes 2");
    }

    private static void check(ResponseEntity<ProblemDetail> response, int status, String type, String detail) {
        ProblemDetail problem = Objects.requireNonNull(response.getBody());
        assertThat(response.getStatusCode().value()).isEqualTo(status).isEqualTo(problem.getStatus());
        assertThat(problem.getType()).hasToString(type);
        assertThat(problem.getDetail()).isEqualTo(detail);
    }
}
