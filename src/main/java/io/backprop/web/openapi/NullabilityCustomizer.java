package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 * responses with null violate their schema (OpenApiExampleTests).
 */
final class NullabilityCustomizer {

    private NullabilityCustomizer() {}

    static void customize(JsonDocument document) {
        document.schemas().properties().forEach(schema -> {
            Class<?> type = SchemaTypeRegistry.TYPES.get(schema.getKey());
            if (type != null && type.isRecord() && schema.getValue().has("properties")) {
                describe((ObjectNode) schema.getValue(), type);
            }
        });
    }

    private static void describe(ObjectNode schema, Class<?> type) {
        ObjectNode properties = schema.withObject("/properties");
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = renamed == null ? component.getName() : renamed.value();
            if (properties.get(name) instanceof ObjectNode property) {
                AnnotatedType annotated = component.getAnnotatedType();
                properties.set(name, withNulls(property, annotated));
                if (!isNullable(annotated) && !isOmittedIfEmpty(component)) {
                    required.add(name);
                }
            }
        }
        required.forEach(schema.putArray("required")::add);
    }

    /** Allows null for a nullable type, and for nullable elements of a list or values of a map. */
    private static ObjectNode withNulls(ObjectNode schema, AnnotatedType annotated) {
        if (annotated instanceof AnnotatedParameterizedType generic) {
            AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
            for (String content : List.of("items", "additionalProperties")) {
                if (schema.get(content) instanceof ObjectNode inner) {
                    schema.set(content, withNulls(inner, arguments[arguments.length - 1]));
                }
            }
        }
        if (!isNullable(annotated)) {
            return schema;
        }
        if (!schema.has("type")) {
            ObjectNode anyOf = JsonNodeFactory.instance.objectNode();
            anyOf.putArray("anyOf").add(schema).addObject().put("type", "null");
            return anyOf;
        }
        String type = schema.path("type").asText();
        schema.putArray("type").add(type).add("null");
        if (schema.get("enum") instanceof ArrayNode values) {
            values.addNull();
        }
        return schema;
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static boolean isOmittedIfEmpty(RecordComponent component) {
        JsonInclude included = component.getAccessor().getAnnotation(JsonInclude.class);
        return included != null && included.value() == JsonInclude.Include.NON_EMPTY;
    }
}
