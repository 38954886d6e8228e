package io.backprop;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Draws values of the schemas of an OpenAPI document. They have the right types, and most of them are in range. */
final class SchemaValues {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> WORDS =
            List.of("a", "b", "x", "y", "no", "yes", "xor", "iris", "species", "ü", "");
    private static final int MAX_DEPTH = 6;

    private final OpenApiDocument document;
    private final Random random;

    SchemaValues(OpenApiDocument document, Random random) {
        this.document = document;
        this.random = random;
    }

    JsonNode draw(JsonNode schema) {
        return draw(schema, 0);
    }

    private JsonNode draw(JsonNode schema, int depth) {
        if (schema.has("$ref")) {
            String reference = schema.get("$ref").asString();
            return draw(document.schema(reference.substring(reference.lastIndexOf('/') + 1)), depth);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        for (String alternatives : List.of("oneOf", "anyOf", "enum")) {
            if (schema.has(alternatives)) {
                JsonNode all = schema.get(alternatives);
                JsonNode one = all.get(random.nextInt(all.size()));
                return alternatives.equals("enum") ? one : draw(one, depth + 1);
            }
        }
        return switch (typeOf(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> NODES.numberNode(schema.path("minimum").asLong(0) + random.nextInt(4));
            case "number" -> NODES.numberNode(schema.path("minimum").asDouble(0) + random.nextInt(4) / 4.0);
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            default -> NODES.stringNode(WORDS.get(random.nextInt(WORDS.size())));
        };
    }

    private String typeOf(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.get(random.nextInt(type.size())).asString() : type.asString("string");
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties").propertyStream().forEach(property -> {
            if (random.nextInt(4) == 0) {
                object.set(property.getKey(), draw(property.getValue(), depth + 1));
            }
        });
        if (schema.path("additionalProperties").isObject() && depth < MAX_DEPTH) {
            for (int i = random.nextInt(3); i > 0; i--) {
                object.set(
                        WORDS.get(random.nextInt(WORDS.size())), draw(schema.get("additionalProperties"), depth + 1));
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = depth < MAX_DEPTH ? random.nextInt(4) : 0; i > 0; i--) {
            array.add(draw(schema.path("items"), depth + 1));
        }
        return array;
    }
}
