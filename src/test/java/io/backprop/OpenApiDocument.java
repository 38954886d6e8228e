package io.backprop;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document of the service, with access to its operations by id. */
final class OpenApiDocument {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final JsonNode document;
    private final Map<String, Operation> operations = new TreeMap<>();

    OpenApiDocument(JsonNode document) {
        this.document = document;
        document.get("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(method -> operations.put(
                                method.getValue().get("operationId").asString(),
                                new Operation(method.getKey(), path.getKey(), method.getValue()))));
    }

    /** An operation. Its path contains the examples of its parameters. */
    record Operation(String method, String template, JsonNode description) {

        String id() {
            return description.get("operationId").asString();
        }

        String path() {
            String path = template;
            for (JsonNode parameter : description.path("parameters")) {
                if (parameter.get("in").asString().equals("path")) {
                    String name = "{" + parameter.get("name").asString() + "}";
                    path = path.replace(name, parameter.path("example").asString());
                }
            }
            return path;
        }

        /** Returns the path with the required parameters of the query. */
        String target() {
            StringJoiner query = new StringJoiner("&", path() + "?", "").setEmptyValue(path());
            for (JsonNode parameter : description.path("parameters")) {
                if (parameter.get("in").asString().equals("query")
                        && parameter.path("required").asBoolean()) {
                    query.add(parameter.get("name").asString() + "="
                            + parameter.path("example").asString());
                }
            }
            return query.toString();
        }

        boolean takesBody() {
            return description.has("requestBody");
        }

        List<String> bodyTypes() {
            return List.copyOf(description.at("/requestBody/content").propertyNames());
        }

        /** Returns the description of the request body of a media type. */
        JsonNode body(String type) {
            return description.path("requestBody").path("content").path(type);
        }

        /** Returns the description of the JSON content at a place. */
        JsonNode content(String place) {
            return description.at(place + "/content/application~1json");
        }
    }

    Set<String> operationIds() {
        return operations.keySet();
    }

    List<Operation> operations() {
        return List.copyOf(operations.values());
    }

    Operation operation(String id) {
        return Objects.requireNonNull(operations.get(id), id);
    }

    JsonNode schemas() {
        return document.at("/components/schemas");
    }

    JsonNode schema(String name) {
        return document.at("/components/schemas/" + name);
    }

    /** Validates a value against a schema of this document and returns the errors. */
    List<String> errors(JsonNode schema, JsonNode value) {
        ObjectNode whole = (ObjectNode) schema.deepCopy();
        whole.set("components", document.get("components"));
        Schema compiled = SCHEMAS.getSchema(whole);
        List<String> errors = new ArrayList<>();
        for (Error error : compiled.validate(value)) {
            errors.add(error.getInstanceLocation() + ": " + error.getMessage());
        }
        return errors;
    }
}
