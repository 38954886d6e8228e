package io.backprop.prediction.web;

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

/** Documents an operation that waits for the end of a prediction for a table. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = WaitPreference.HEADER,
        in = ParameterIn.HEADER,
        description = WaitPreference.DESCRIPTION,
        schema = @Schema(type = "string"))
@ApiResponse(responseCode = "200", description = "The prediction has ended; state tells how")
@ApiResponse(
        responseCode = "202",
        description = "The prediction waits for a driver or is running",
        headers = {
            @Header(name = "Location", description = "Path of the prediction", schema = @Schema(type = "string")),
            @Header(
                    name = "Retry-After",
                    description = "Seconds until the next request",
                    schema = @Schema(type = "integer"))
        })
@interface AwaitScoringOperation {}
