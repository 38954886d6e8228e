package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import io.backprop.engine.Matrix;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells in the OpenAPI document which fields may be null and which are always there, by the records' annotations, and
 * what each field of a request means and defaults to, by the resource {@code openapi/fields.json}.
 */
@Component
@Order(0) // before whoever needs what it tells
class RecordSchemas implements ModelConverter, OpenApiCustomizer {

    /** By name of schema; one for all documents, like swagger's own registry of converters, which calls but one of us. */
    private static final Map<String, Class<?>> RECORDS = new ConcurrentHashMap<>();

    /** How the records end whose numbers are null where they are not finite. */
    private static final String ANSWER = "Response";

    /** What is said of a field. */
    record Field(
            String description,
            @JsonProperty("default") @Nullable Object defaultValue) {}

    @Override
    public @Nullable Schema<?> resolve(
            io.swagger.v3.core.converter.AnnotatedType type,
            ModelConverterContext context,
            Iterator<ModelConverter> chain) {
        JavaType javaType = Json.mapper().constructType(type.getType());
        if (javaType != null && javaType.getRawClass().isRecord()) {
            RECORDS.put(nameOf(javaType.getRawClass()), javaType.getRawClass());
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    @Override
    public void customise(OpenAPI document) {
        Map<String, Map<String, Field>> fields = readFields();
        document.getComponents().getSchemas().forEach((name, schema) -> {
            Class<?> raw = RECORDS.get(name);
            if (raw != null) {
                describe(schema, raw, fields.getOrDefault(name, Map.of()));
            }
        });
    }

    private static void describe(Schema<?> schema, Class<?> raw, Map<String, Field> fields) {
        if (schema.getProperties() == null) {
            return;
        }
        for (RecordComponent component : raw.getRecordComponents()) {
            JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = renamed == null ? component.getName() : renamed.value();
            Schema<?> property = schema.getProperties().get(name);
            if (property != null) {
                AnnotatedType type = component.getAnnotatedType();
                describeContent(property, type);
                if (component.getType() == Matrix.class && raw.getSimpleName().endsWith(ANSWER)) {
                    property.getItems().setItems(orNull(property.getItems().getItems()));
                }
                Schema<?> described = isNullable(type) ? orNull(property) : property;
                if (!isNullable(type) && !isLeftOutWhenEmpty(component)) {
                    require(schema, name);
                }
                schema.addProperty(name, described);
                describe(described, fields.get(name));
            }
        }
    }

    /** Elements of a list and values of a map may be null as well. */
    private static void describeContent(Schema<?> schema, AnnotatedType type) {
        if (!(type instanceof AnnotatedParameterizedType generic)) {
            return;
        }
        AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
        AnnotatedType content = arguments[arguments.length - 1];
        if (schema.getItems() != null) {
            describeContent(schema.getItems(), content);
            schema.setItems(isNullable(content) ? orNull(schema.getItems()) : schema.getItems());
        } else if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            describeContent(values, content);
            schema.setAdditionalProperties(isNullable(content) ? orNull(values) : values);
        }
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static void describe(Schema<?> property, @Nullable Field field) {
        if (field != null) {
            property.setDescription(field.description());
            if (field.defaultValue() != null) {
                property.setDefault(field.defaultValue());
            }
        }
    }

    /** The record of a schema's name. */
    static Optional<Class<?>> typeOf(String name) {
        return Optional.ofNullable(RECORDS.get(name));
    }

    /** The name of a type's schema. */
    static String nameOf(Class<?> type) {
        var annotation = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return annotation == null || annotation.name().isEmpty() ? type.getSimpleName() : annotation.name();
    }

    private static boolean isLeftOutWhenEmpty(RecordComponent component) {
        JsonInclude included = component.getAccessor().getAnnotation(JsonInclude.class);
        return included != null && included.value() == JsonInclude.Include.NON_EMPTY;
    }

    private static void require(Schema<?> schema, String name) {
        if (schema.getRequired() == null || !schema.getRequired().contains(name)) {
            schema.addRequiredItem(name);
        }
    }

    private static Schema<?> orNull(Schema<?> property) {
        if (property.getTypes() == null) {
            return new Schema<>().anyOf(List.of(property, new Schema<>().types(Set.of("null"))));
        }
        Set<String> types = new LinkedHashSet<>(property.getTypes());
        types.add("null");
        property.setTypes(types);
        if (property.getEnum() != null) {
            property.getEnum().add(null);
        }
        return property;
    }

    /** By names of schemas and fields; what several records have in common is told of once. */
    private static Map<String, Map<String, Field>> readFields() {
        try (InputStream json = new ClassPathResource("openapi/fields.json").getInputStream()) {
            Map<String, Map<String, Field>> read = new JsonMapper().readValue(json, new TypeReference<>() {});
            Map<String, Map<String, Field>> fields = new HashMap<>();
            read.forEach((records, described) -> {
                for (String name : records.split(", ", -1)) {
                    fields.computeIfAbsent(name, first -> new HashMap<>()).putAll(described);
                }
            });
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
