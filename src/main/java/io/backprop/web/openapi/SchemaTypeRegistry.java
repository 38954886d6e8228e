package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Remembers the records and type hierarchies for which schemas are generated. */
@Component
class SchemaTypeRegistry implements ModelConverter {

    /** By name of the schema; static like swagger's list of converters, which calls one instance only. */
    static final Map<String, Class<?>> TYPES = new ConcurrentHashMap<>();

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType javaType = Json.mapper().constructType(type.getType());
        Class<?> raw = javaType == null ? Object.class : javaType.getRawClass();
        if (raw.isRecord() || raw.isAnnotationPresent(JsonSubTypes.class)) {
            TYPES.put(nameOf(raw), raw);
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    /** The name of a type's schema. */
    static String nameOf(Class<?> type) {
        var annotation = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return annotation == null || annotation.name().isEmpty() ? type.getSimpleName() : annotation.name();
    }
}
