package io.backprop.search.web;

import io.backprop.web.IdempotentRequest;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents an operation that starts a search and waits for its end. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@AwaitSearchOperation
@Parameter(
        name = IdempotentRequest.HEADER,
        in = ParameterIn.HEADER,
        description = IdempotentRequest.DESCRIPTION,
        schema = @Schema(type = "string", minLength = 1, maxLength = IdempotentRequest.MAX_LENGTH))
@ApiResponse(responseCode = "409", description = "A training of the model is running")
@ApiResponse(
        responseCode = "422",
        description = "The request makes no sense, or all trials diverged; the member search is the search")
@ApiResponse(responseCode = "429", description = "Too many requests wait for trainings, or too many keys were used")
@ApiResponse(responseCode = "500", description = "The search failed; the member search is the search")
@ApiResponse(responseCode = "507", description = "No storage space left")
@interface StartSearchOperation {}
