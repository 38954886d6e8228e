package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * Describes a type hierarchy as one of several objects, each with its own constant as discriminator. Those that swagger
 * generates refer to each other and are indistinguishable to a validator (OpenApiExampleTests), and it repeats the subtypes
 * wherever the hierarchy is used.
 */
final class SubtypeCustomizer {

    private SubtypeCustomizer() {}

    static void customize(JsonDocument document) {
        SchemaTypeRegistry.TYPES.forEach((name, type) -> {
            JsonSubTypes subtypes = type.getAnnotation(JsonSubTypes.class);
            if (subtypes != null && document.schemas().get(name) instanceof ObjectNode parent) {
                String property = type.getAnnotation(JsonTypeInfo.class).property();
                Set<String> subtypeNames = new HashSet<>();
                for (JsonSubTypes.Type subtype : subtypes.value()) {
                    subtypeNames.add(JsonDocument.SCHEMAS + SchemaTypeRegistry.nameOf(subtype.value()));
                }
                for (ObjectNode repeated : document.withAlternatives(subtypeNames)) {
                    repeated.retain("description").put("$ref", JsonDocument.SCHEMAS + name);
                }
                parent.removeAll().putObject("discriminator").put("propertyName", property);
                ArrayNode oneOf = parent.putArray("oneOf");
                for (JsonSubTypes.Type subtype : subtypes.value()) {
                    String subtypeName = SchemaTypeRegistry.nameOf(subtype.value());
                    String reference = JsonDocument.SCHEMAS + subtypeName;
                    oneOf.addObject().put("$ref", reference);
                    parent.withObject("/discriminator/mapping").put(subtype.name(), reference);
                    removeParent(document.schemas().withObject("/" + subtypeName), property, subtype.name());
                }
            }
        });
    }

    private static void removeParent(ObjectNode subtype, String property, String constant) {
        JsonNode parts = subtype.path("allOf");
        subtype.removeAll().put("type", "object").putArray("required").add(property);
        ObjectNode properties = subtype.putObject("properties");
        properties
                .putObject(property)
                .put("type", "string")
                .put("const", constant)
                .put("description", "Always " + constant);
        parts.findValues("properties").forEach(own -> properties.setAll((ObjectNode) own));
    }
}
