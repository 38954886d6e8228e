package io.backprop.training.web;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
@ApiResponse(responseCode = "404", description = "No model has this id")
@ApiResponse(responseCode = "409", description = "A training of the model is running")
@ApiResponse(responseCode = "412", description = "If-Match does not match")
@ApiResponse(responseCode = "507", description = "No storage space left")
@interface StartTrainingOperation {}
