package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives from the records which properties can be null and which are required; swagger does not know JSpecify. Without it,
 * responses with null violate their schema (OpenApiExampleTests). A property that can be null may be absent from requests;
 * responses have either null or no such property.
 */
final class NullabilityCustomizer {

    private NullabilityCustomizer() {}

    static void customize(JsonDocument document) {
        Set<String> ofRequests = document.schemasOfRequests();
        document.schemas().properties().forEach(schema -> {
            Class<?> type = SchemaTypeRegistry.TYPES.get(schema.getKey());
            if (type != null && type.isRecord() && schema.getValue().has("properties")) {
                describe((ObjectNode) schema.getValue(), type, ofRequests.contains(schema.getKey()));
            }
        });
    }

    private static void describe(ObjectNode schema, Class<?> type, boolean ofRequest) {
        ObjectNode properties = schema.withObject("/properties");
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = renamed == null ? component.getName() : renamed.value();
            if (properties.get(name) instanceof ObjectNode property) {
                AnnotatedType annotated = component.getAnnotatedType();
                boolean isOmitted = isOmitted(component);
                properties.set(name, isOmitted ? withContents(property, annotated) : withNulls(property, annotated));
                if (!isOmitted && !(ofRequest && isNullable(annotated))) {
                    required.add(name);
                }
            }
        }
        required.forEach(schema.putArray("required")::add);
    }

    /** Allows null for a nullable type, and for its contents. */
    private static ObjectNode withNulls(ObjectNode plain, AnnotatedType annotated) {
        ObjectNode schema = withContents(plain, annotated);
        if (!isNullable(annotated)) {
            return schema;
        }
        String type = schema.path("type").asText();
        if (type.isEmpty() || type.equals("object")) { // generated Java clients would send an empty map for null
            ObjectNode anyOf = JsonNodeFactory.instance.objectNode();
            JsonNode description = schema.remove("description");
            anyOf.putArray("anyOf").add(schema).addObject().put("type", "null");
            if (description != null) {
                anyOf.set("description", description);
            }
            return anyOf;
        }
        schema.putArray("type").add(type).add("null");
        if (schema.get("enum") instanceof ArrayNode values) {
            values.addNull();
        }
        return schema;
    }

    /** Allows null for nullable elements of a list or values of a map. */
    private static ObjectNode withContents(ObjectNode schema, AnnotatedType annotated) {
        if (annotated instanceof AnnotatedParameterizedType generic) {
            AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
            for (String content : List.of("items", "additionalProperties")) {
                if (schema.get(content) instanceof ObjectNode inner) {
                    schema.set(content, withNulls(inner, arguments[arguments.length - 1]));
                }
            }
        }
        return schema;
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /** Whether a property may be absent from responses. */
    private static boolean isOmitted(RecordComponent component) {
        JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
        JsonInclude included = own == null ? component.getDeclaringRecord().getAnnotation(JsonInclude.class) : own;
        return included != null
                && (included.value() == JsonInclude.Include.NON_EMPTY || isNullable(component.getAnnotatedType()));
    }
}
