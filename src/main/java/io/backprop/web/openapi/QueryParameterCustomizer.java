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

    /** Adds a field or the fields within it; other lists than of text have no parameter. */
    private void add(JsonNode field, String name, String inheritedDescription) {
        JsonNode inQuery = field instanceof ObjectNode object ? object.remove("x-query") : null;
        JsonNode schema = inQuery == null ? document.resolve(field) : inQuery;
        String description = field.path("description").asText(inheritedDescription);
        String types = types(schema);
        Stream.of("string", "number", "integer", "boolean")
                .filter(scalar -> types.contains('"' + scalar + '"'))
                .findFirst()
                .ifPresent(type -> addParameter(name, description).set("schema", scalar(schema.deepCopy(), type)));
        if (types.contains("\"array\"")
                && types(document.resolve(schema.path("items"))).contains("\"string\"")) {
            addParameter(name, description + "; may be repeated").set("schema", scalar(schema.deepCopy(), "array"));
        }
        addFields(schema, name + ".", description);
        if (schema.path("additionalProperties").isObject()) {
            addMap(name, description, schema.path("additionalProperties"));
        }
    }

    /** An object whose fields are parameters, so that generated clients do not take NAME literally. */
    private void addMap(String name, String description, JsonNode values) {
        ObjectNode parameter = addParameter(name + ".NAME", description);
        parameter.put("style", "form").put("explode", true);
        parameter.putObject("example"); // Swagger UI would send invented fields
        ObjectNode schema = parameter.putObject("schema").put("type", "object");
        schema.putObject("propertyNames").put("pattern", "^" + name + "\\..");
        schema.set("additionalProperties", values.deepCopy());
    }

    private static String types(JsonNode schema) {
        return schema.path("type").toString();
    }

    private static ObjectNode scalar(ObjectNode schema, String type) {
        schema.remove(List.of("description", "additionalProperties"));
        schema.put("type", type);
        if (schema.get("enum") instanceof ArrayNode values) {
            values.removeIf(JsonNode::isNull);
        }
        return schema;
    }

    private ObjectNode addParameter(String name, String description) {
        return parameters
                .addObject()
                .put("in", "query")
                .put("name", name)
                .put("description", "For CSV and NDJSON: " + description);
    }
}
