package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backprop.web.problem.ErrorFormat;
import io.backprop.web.problem.ErrorFormats;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Adds the problems that follow from the parameters of an operation to those of its annotations (OpenApiTests). */
final class ProblemResponseCustomizer {

    private ProblemResponseCustomizer() {}

    static void customize(JsonDocument document, ErrorFormats formats) {
        document.paths().properties().forEach(path -> {
            Optional<ErrorFormat> format = formats.find(path.getKey());
            path.getValue().forEach(operation -> customize((ObjectNode) operation, format));
        });
    }

    private static void customize(ObjectNode operation, Optional<ErrorFormat> format) {
        ObjectNode responses = operation.withObject("/responses");
        List<String> places = operation.path("parameters").findValuesAsText("in");
        List<String> names = operation.path("parameters").findValuesAsText("name");
        boolean takesBody = operation.has("requestBody");
        addIf(true, responses, HttpStatus.BAD_REQUEST);
        addIf(places.contains("path"), responses, HttpStatus.NOT_FOUND);
        addIf(names.contains(HttpHeaders.IF_MATCH), responses, HttpStatus.PRECONDITION_FAILED);
        addIf(takesBody, responses, HttpStatus.CONTENT_TOO_LARGE);
        addIf(takesBody, responses, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        boolean isRead = takesBody || places.contains("query");
        addIf(isRead && format.isEmpty(), responses, HttpStatus.UNPROCESSABLE_CONTENT);
        addIf(true, responses, HttpStatus.TOO_MANY_REQUESTS);
        addRateHeaders(responses.withObject("/429").putObject("headers"));
        addIf(true, responses, HttpStatus.SERVICE_UNAVAILABLE);
        responses.putObject("default").put("description", "Any other problem");
        responses.properties().forEach(response -> {
            if (!response.getKey().startsWith("2") && !response.getKey().startsWith("3")) {
                ((ObjectNode) response.getValue())
                        .putObject("content")
                        .putObject(
                                format.isEmpty()
                                        ? MediaType.APPLICATION_PROBLEM_JSON_VALUE
                                        : MediaType.APPLICATION_JSON_VALUE)
                        .putObject("schema")
                        .put(
                                "$ref",
                                JsonDocument.SCHEMAS
                                        + format.map(ErrorFormat::schema).orElse("Problem"));
            }
        });
    }

    private static void addRateHeaders(ObjectNode headers) {
        addHeader(headers, HttpHeaders.RETRY_AFTER, "Seconds until the next request", "integer");
        addHeader(headers, "RateLimit-Policy", "The exceeded rate, such as \"key\";q=10000;w=10", "string");
        addHeader(headers, "RateLimit", "What is left of it, such as \"key\";r=0;t=1", "string");
    }

    private static void addHeader(ObjectNode headers, String name, String description, String type) {
        headers.putObject(name)
                .put("description", description)
                .putObject("schema")
                .put("type", type);
    }

    private static void addIf(boolean possible, ObjectNode responses, HttpStatus status) {
        String code = Integer.toString(status.value());
        if (possible && !responses.has(code)) {
            responses.putObject(code).put("description", status.getReasonPhrase());
        }
    }
}
