package io.backprop.training.web;

import io.backprop.web.problem.ApiProblems;
import io.backprop.web.problem.ProblemType;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A controller's method that begins a training and waits for it, for the OpenAPI document. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@AwaitTrainingOperation
@Parameter(
        name = IdempotencyKeyResolver.HEADER,
        in = ParameterIn.HEADER,
        description =
                "Up to 255 characters of printable ASCII; the same key with the same body, and for CSV and NDJSON the same"
                        + " query, is answered with the training that it began the first time, as long as that is kept",
        schema = @Schema(type = "string", minLength = 1, maxLength = 255))
@ApiProblems({
    ProblemType.UNREADABLE_PARAMETER,
    ProblemType.MODEL_NOT_FOUND,
    ProblemType.TRAINING_RUNNING,
    ProblemType.VERSION_MISMATCH,
    ProblemType.IDEMPOTENCY_KEY_REUSED,
    ProblemType.LIMIT_EXCEEDED,
    ProblemType.QUEUE_FULL,
    ProblemType.UNAVAILABLE,
    ProblemType.STORAGE_FULL
})
@interface StartTrainingOperation {}
