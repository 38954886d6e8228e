package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backprop.web.table.TableTypes;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.MediaType;

/** Adds the query parameters that replace the fields of JSON if the body is CSV or NDJSON (OpenApiDocumentTests). */
final class QueryParameterCustomizer {

    private final JsonDocument document;
    private final ArrayNode parameters;

    private QueryParameterCustomizer(JsonDocument document, ArrayNode parameters) {
        this.document = document;
        this.parameters = parameters;
    }

    static void customize(JsonDocument document) {
        for (ObjectNode operation : document.operations()) {
            JsonNode content = operation.path("requestBody").path("content");
            if (content.has(TableTypes.CSV)) {
                JsonNode request =
                        content.path(MediaType.APPLICATION_JSON_VALUE).path("schema");
                new QueryParameterCustomizer(document, operation.withArray("/parameters"))
                        .addFields(document.resolve(request), "", "");
            }
        }
    }

    private void addFields(JsonNode object, String prefix, String description) {
        object.path("properties")
                .properties()
                .forEach(field -> add(field.getValue(), prefix + field.getKey(), description));
    }

    /** Adds a field or the fields within it; lists have no parameter. */
    private void add(JsonNode field, String name, String inheritedDescription) {
        JsonNode schema = document.resolve(field);
        String description = field.path("description").asText(inheritedDescription);
        String types = schema.path("type").toString();
        Stream.of("string", "number", "integer", "boolean")
                .filter(scalar -> types.contains('"' + scalar + '"'))
                .findFirst()
                .ifPresent(type -> addParameter(schema.deepCopy(), type, name, description));
        addFields(schema, name + ".", description);
        if (schema.path("additionalProperties").isObject()) {
            add(schema.path("additionalProperties"), name + ".NAME", description);
        }
    }

    /** The default goes into the description: Swagger UI would send the schema's also with JSON. */
    private void addParameter(ObjectNode schema, String type, String name, String description) {
        JsonNode defaultValue = schema.remove("default");
        schema.remove(List.of("description", "additionalProperties"));
        schema.put("type", type);
        if (schema.get("enum") instanceof ArrayNode values) {
            values.removeIf(JsonNode::isNull);
        }
        String suffix = defaultValue == null ? "" : "; default " + defaultValue.asText();
        parameters
                .addObject()
                .put("in", "query")
                .put("name", name)
                .put("description", "For CSV and NDJSON. " + description + suffix)
                .set("schema", schema);
    }
}
