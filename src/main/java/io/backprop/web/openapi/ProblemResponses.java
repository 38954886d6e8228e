package io.backprop.web.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Adds the problems common to all operations, and the schema of a problem to those of the operation's annotations. */
@Component
class ProblemResponses implements OperationCustomizer {

    private static final Content PROBLEM = new Content()
            .addMediaType(
                    org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                    new MediaType().schema(new Schema<>().$ref(ProblemSchema.NAME)));

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        ApiResponses responses = operation.getResponses();
        boolean takesQuery = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "query".equals(parameter.getIn()));
        if (operation.getRequestBody() != null || takesQuery) {
            add(responses, HttpStatus.BAD_REQUEST);
            add(responses, HttpStatus.UNPROCESSABLE_CONTENT);
        }
        if (operation.getRequestBody() != null) {
            add(responses, HttpStatus.CONTENT_TOO_LARGE);
            add(responses, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        add(responses, HttpStatus.SERVICE_UNAVAILABLE);
        responses.putIfAbsent(ApiResponses.DEFAULT, new ApiResponse().description("Any other problem"));
        responses.forEach((status, response) -> {
            if (!status.startsWith("2") && !status.startsWith("3")) {
                response.setContent(PROBLEM);
            }
        });
        return operation;
    }

    private static void add(ApiResponses responses, HttpStatus status) {
        responses.putIfAbsent(
                Integer.toString(status.value()), new ApiResponse().description(status.getReasonPhrase()));
    }
}
