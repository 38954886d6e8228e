package io.backprop.web.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells in the OpenAPI document what the parameters of paths, queries and headers mean that several operations have in
 * common, by the resource {@code openapi/parameters.json}.
 */
@Component
class OperationParameters implements OperationCustomizer {

    private final Map<String, Meaning> meanings = read();

    /**
     * What is said of a parameter.
     *
     * @param example one with which the other examples work; only where it has to be given
     */
    record Meaning(String description, @Nullable Object example) {}

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        for (Parameter parameter : parameters) {
            Meaning meaning = meanings.get(parameter.getName());
            if (meaning != null) {
                parameter.setDescription(meaning.description());
                parameter.setExample("path".equals(parameter.getIn()) ? meaning.example() : null);
            }
        }
        return operation;
    }

    private static Map<String, Meaning> read() {
        try (InputStream json = new ClassPathResource("openapi/parameters.json").getInputStream()) {
            return new JsonMapper().readValue(json, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
