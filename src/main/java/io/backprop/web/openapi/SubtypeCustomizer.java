package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Describes a type hierarchy as one of several objects, each with its own constant as discriminator. Those that swagger
 * generates refer to each other and are indistinguishable to a validator.
 */
final class SubtypeCustomizer {

    private SubtypeCustomizer() {}

    static void customize(JsonDocument document) {
        ObjectNode schemas = document.schemas();
        JsonTypeRegistry.TYPES.forEach((name, type) -> {
            JsonSubTypes subtypes = type.getAnnotation(JsonSubTypes.class);
            if (subtypes != null && schemas.has(name)) {
                schemas.set(
                        name,
                        oneOf(subtypes, type.getAnnotation(JsonTypeInfo.class).property(), schemas));
            }
        });
    }

    private static ObjectNode oneOf(JsonSubTypes subtypes, String property, ObjectNode schemas) {
        ObjectNode parent = JsonDocument.object();
        ArrayNode oneOf = parent.putArray("oneOf");
        ObjectNode mapping =
                parent.putObject("discriminator").put("propertyName", property).putObject("mapping");
        for (JsonSubTypes.Type subtype : subtypes.value()) {
            String name = JsonTypeRegistry.nameOf(subtype.value());
            oneOf.addObject().put("$ref", JsonDocument.SCHEMAS + name);
            mapping.put(subtype.name(), JsonDocument.SCHEMAS + name);
            schemas.set(name, withoutParent(schemas.path(name), property, subtype.name()));
        }
        return parent;
    }

    private static ObjectNode withoutParent(JsonNode subtype, String property, String constant) {
        ObjectNode schema = JsonDocument.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required").add(property);
        properties.putObject(property).put("type", "string").put("const", constant);
        for (JsonNode part : subtype.path("allOf")) {
            if (part.get("properties") instanceof ObjectNode inherited) {
                properties.setAll(inherited);
            }
            part.path("required").forEach(required::add);
        }
        return schema;
    }
}
