package io.backprop.web.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.StringSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adds to each operation of the OpenAPI document a request that works as it stands and the answer it gets, from the
 * resource {@code openapi/<operationId>.json}.
 */
@Component
class OperationExamples implements OperationCustomizer {

    private static final String ANSWER = "Answer";

    private final JsonMapper mapper = new JsonMapper();

    /**
     * What the resource holds: requests by name, the answer to the first of them, and requests that are tables and answers
     * by other media types.
     */
    record Examples(
            @Nullable LinkedHashMap<String, Object> requests,
            @Nullable LinkedHashMap<String, LinkedHashMap<String, String>> tables,
            @Nullable Object response,
            @Nullable Map<String, String> texts) {}

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        ClassPathResource resource = new ClassPathResource("openapi/" + operation.getOperationId() + ".json");
        if (resource.exists()) {
            Examples examples = read(resource);
            if (examples.requests() != null && operation.getRequestBody() != null) {
                examples.requests()
                        .forEach((name, request) ->
                                addExample(operation.getRequestBody().getContent(), name, request));
            }
            if (examples.tables() != null && operation.getRequestBody() != null) {
                examples.tables()
                        .forEach((type, texts) ->
                                operation.getRequestBody().getContent().put(type, text(texts)));
            }
            operation.getResponses().forEach((status, response) -> {
                if (examples.response() != null && status.startsWith("2")) {
                    addExample(response.getContent(), ANSWER, examples.response());
                }
                if (examples.texts() != null && status.startsWith("2")) {
                    examples.texts()
                            .forEach((type, text) -> response.getContent().put(type, text(Map.of(ANSWER, text))));
                }
            });
        }
        return operation;
    }

    private Examples read(ClassPathResource resource) {
        try (InputStream json = resource.getInputStream()) {
            return mapper.readValue(json, Examples.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MediaType text(Map<String, String> examples) {
        MediaType media = new MediaType().schema(new StringSchema());
        examples.forEach((name, text) ->
                media.addExamples(name, new Example().summary(name).value(text)));
        return media;
    }

    private static void addExample(@Nullable Content content, String name, Object value) {
        for (MediaType media : content == null ? List.<MediaType>of() : content.values()) {
            media.addExamples(name, new Example().summary(name).value(value));
        }
    }
}
