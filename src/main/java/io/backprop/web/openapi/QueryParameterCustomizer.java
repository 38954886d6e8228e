package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backprop.web.table.TableTypes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.MediaType;

/** Adds the query parameters that replace the fields of JSON if the body is CSV or NDJSON. */
final class QueryParameterCustomizer {

    private static final Set<String> SCALARS = Set.of("string", "number", "integer", "boolean");

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
                JsonNode request = document.resolve(
                        content.path(MediaType.APPLICATION_JSON_VALUE).path("schema"));
                new QueryParameterCustomizer(document, operation.withArray("/parameters")).addFields(request, "", "");
            }
        }
    }

    private void addFields(JsonNode object, String prefix, String inherited) {
        JsonNode properties = object.path("properties");
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        names.forEach(name -> add(properties.path(name), prefix + name, inherited));
    }

    /** Adds a field, or the fields in it; lists have no parameter. */
    private void add(JsonNode field, String name, String inherited) {
        JsonNode schema = document.resolve(field);
        String description = field.path("description").asText(inherited);
        Set<String> types = new TreeSet<>();
        schema.path("type").forEach(type -> types.add(type.asText()));
        types.add(schema.path("type").asText());
        types.retainAll(SCALARS);
        if (!types.isEmpty()) {
            addParameter(schema.deepCopy(), name, types.iterator().next(), description);
        }
        addFields(schema, name + ".", description);
        if (schema.path("additionalProperties").isObject()) {
            add(schema.path("additionalProperties"), name + ".NAME", description);
        }
    }

    /** A default would be filled in by Swagger UI, and sent with JSON as well; it becomes part of the description. */
    private void addParameter(ObjectNode schema, String name, String type, String description) {
        JsonNode preset = schema.remove("default");
        schema.remove(List.of("description", "additionalProperties"));
        schema.put("type", type);
        if (schema.get("enum") instanceof ArrayNode values) {
            ArrayNode names = schema.putArray("enum");
            values.forEach(value -> {
                if (!value.isNull()) {
                    names.add(value);
                }
            });
        }
        parameters
                .addObject()
                .put("in", "query")
                .put("name", name)
                .put(
                        "description",
                        "For CSV and NDJSON. " + description + (preset == null ? "" : "; default " + preset.asText()))
                .set("schema", schema);
    }
}
