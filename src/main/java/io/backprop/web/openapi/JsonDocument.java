package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An OpenAPI document as JSON, which is easier to change than swagger's classes. Enumerations have the names that requests
 * use, not those of the Java constants.
 */
final class JsonDocument {

    static final String SCHEMAS = "#/components/schemas/";

    private final ObjectNode root;

    JsonDocument(OpenAPI document) {
        root = Json31.mapper().valueToTree(document);
        for (JsonNode enumeration : root.findParents("enum")) {
            List<String> names = new ArrayList<>();
            enumeration.path("enum").forEach(name -> names.add(name.asText().toLowerCase(Locale.ROOT)));
            ArrayNode values = ((ObjectNode) enumeration).putArray("enum");
            names.forEach(values::add);
        }
    }

    OpenAPI toOpenApi() {
        return Json31.mapper().convertValue(root, OpenAPI.class);
    }

    ObjectNode paths() {
        return root.withObject("/paths");
    }

    ObjectNode schemas() {
        return root.withObject("/components/schemas");
    }

    List<ObjectNode> operations() {
        List<ObjectNode> operations = new ArrayList<>();
        paths().forEach(path -> path.forEach(operation -> operations.add((ObjectNode) operation)));
        return operations;
    }

    /** The names of the schemas that bodies of requests consist of. */
    Set<String> schemasOfRequests() {
        Set<String> found = new LinkedHashSet<>();
        operations().forEach(operation -> collectReferences(operation.path("requestBody"), found));
        return found;
    }

    private void collectReferences(JsonNode from, Set<String> found) {
        for (String reference : from.findValuesAsText("$ref")) {
            String name = reference.substring(SCHEMAS.length());
            if (found.add(name)) {
                collectReferences(schemas().path(name), found);
            }
        }
    }

    /** Removes the schemas that no other part of the document uses since the overlay has replaced what did. */
    void removeUnusedSchemas() {
        Set<String> used = new LinkedHashSet<>();
        collectReferences(paths(), used);
        schemas().retain(used);
    }

    /** The schemas that are one of these references. */
    List<ObjectNode> withAlternatives(Set<String> references) {
        return schemas().findParents("oneOf").stream()
                .filter(schema -> Set.copyOf(schema.path("oneOf").findValuesAsText("$ref"))
                        .equals(references))
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** Follows a reference, also that of a schema which allows null. */
    JsonNode resolve(JsonNode schema) {
        if (schema.has("anyOf")) {
            return resolve(schema.path("anyOf").path(0));
        }
        return schema.has("$ref") ? schemas().path(schema.path("$ref").asText().substring(SCHEMAS.length())) : schema;
    }
}
