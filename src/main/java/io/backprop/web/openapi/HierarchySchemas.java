package io.backprop.web.openapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Describes types that a field tells apart in the OpenAPI document: one of several, each a plain object with its own
 * value of that field. (Left alone, parent and members would refer to one another in a circle.)
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class HierarchySchemas implements ModelConverter, OpenApiCustomizer {

    private static final String REFERENCE = "#/components/schemas/";

    /** By name of schema; one for all documents, like swagger's own registry of converters, which calls but one of us. */
    private static final Map<String, Class<?>> PARENTS = new ConcurrentHashMap<>();

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType javaType = Json.mapper().constructType(type.getType());
        if (javaType != null && javaType.getRawClass().isAnnotationPresent(JsonSubTypes.class)) {
            PARENTS.put(RecordSchemas.nameOf(javaType.getRawClass()), javaType.getRawClass());
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    @Override
    public void customise(OpenAPI document) {
        Components components = document.getComponents();
        PARENTS.forEach((name, parent) -> {
            if (components.getSchemas().containsKey(name)) {
                components.addSchemas(name, oneOf(parent, components));
            }
        });
    }

    private static Schema<?> oneOf(Class<?> parent, Components components) {
        String field = parent.getAnnotation(JsonTypeInfo.class).property();
        Discriminator discriminator = new Discriminator().propertyName(field);
        Schema<?> oneOf = new Schema<>().discriminator(discriminator);
        for (JsonSubTypes.Type member : parent.getAnnotation(JsonSubTypes.class).value()) {
            String memberName = RecordSchemas.nameOf(member.value());
            discriminator.mapping(member.name(), REFERENCE + memberName);
            oneOf.addOneOfItem(new Schema<>().$ref(REFERENCE + memberName));
            Schema<?> described = components.getSchemas().get(memberName);
            if (described != null && described.getAllOf() != null) {
                components.addSchemas(memberName, plain(described, field, member.name()));
            }
        }
        return oneOf;
    }

    private static Schema<?> plain(Schema<?> member, String field, String value) {
        Schema<?> plain = new Schema<>().types(Set.of("object"));
        plain.addProperty(field, new Schema<String>().types(Set.of("string"))._const(value));
        plain.addRequiredItem(field);
        for (Schema<?> part : member.getAllOf()) {
            if (part.getProperties() != null) {
                part.getProperties().forEach(plain::addProperty);
            }
            if (part.getRequired() != null) {
                part.getRequired().forEach(plain::addRequiredItem);
            }
        }
        return plain;
    }
}
