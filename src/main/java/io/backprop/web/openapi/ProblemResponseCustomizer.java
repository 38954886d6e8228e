package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Adds the problems common to all operations, and the schema of a problem to those of the operation's annotations. */
final class ProblemResponseCustomizer {

    private ProblemResponseCustomizer() {}

    static void customize(JsonDocument document) {
        for (ObjectNode operation : document.operations()) {
            ObjectNode responses = operation.withObject("/responses");
            boolean takesBody = operation.has("requestBody");
            if (takesBody || takesQuery(operation)) {
                add(responses, HttpStatus.BAD_REQUEST);
                add(responses, HttpStatus.UNPROCESSABLE_CONTENT);
            }
            if (takesBody) {
                add(responses, HttpStatus.CONTENT_TOO_LARGE);
                add(responses, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
            }
            add(responses, HttpStatus.SERVICE_UNAVAILABLE);
            responses.putObject("default").put("description", "Any other problem");
            responses.properties().forEach(response -> {
                if (!response.getKey().startsWith("2") && !response.getKey().startsWith("3")) {
                    ((ObjectNode) response.getValue())
                            .putObject("content")
                            .putObject(MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                            .putObject("schema")
                            .put("$ref", JsonDocument.SCHEMAS + "Problem");
                }
            });
        }
    }

    private static boolean takesQuery(ObjectNode operation) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                return true;
            }
        }
        return false;
    }

    private static void add(ObjectNode responses, HttpStatus status) {
        String code = Integer.toString(status.value());
        if (!responses.has(code)) {
            responses.putObject(code).put("description", status.getReasonPhrase());
        }
    }
}
