package io.backprop.search.web;

import io.backprop.web.WaitPreference;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents an operation that waits for the end of a search. */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = WaitPreference.HEADER,
        in = ParameterIn.HEADER,
        description = WaitPreference.DESCRIPTION,
        schema = @Schema(type = "string"))
@ApiResponse(responseCode = "200", description = "The search has ended")
@ApiResponse(
        responseCode = "202",
        description = "The search is queued or running",
        headers = {
            @Header(name = "Location", description = "Path of the search", schema = @Schema(type = "string")),
            @Header(
                    name = "Retry-After",
                    description = "Seconds until the next request",
                    schema = @Schema(type = "integer"))
        })
@interface AwaitSearchOperation {}
