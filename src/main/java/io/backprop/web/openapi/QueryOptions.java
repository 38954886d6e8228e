package io.backprop.web.openapi;

import io.backprop.web.table.QueryFields;
import io.backprop.web.table.TableTypes;
import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Tells in the OpenAPI document which parameters go with a body that is a table, in place of the fields of JSON. */
@Component
@SuppressWarnings("rawtypes") // as swagger's schemas are within one another
class QueryOptions implements OpenApiCustomizer {

    private static final String REFERENCE = "#/components/schemas/";

    @Override
    public void customise(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .forEach(operation -> requestOf(operation)
                        .ifPresent(name -> RecordSchemas.typeOf(name)
                                .ifPresent(type -> addParameters(operation, new Request(name, type, schemas)))));
    }

    /** What JSON the operation takes in place of a table; none if it takes no tables. */
    private static Optional<String> requestOf(Operation operation) {
        Content content = operation.getRequestBody() == null
                ? null
                : operation.getRequestBody().getContent();
        return content == null || !content.containsKey(TableTypes.CSV)
                ? Optional.empty()
                : Optional.ofNullable(content.get(org.springframework.http.MediaType.APPLICATION_JSON_VALUE))
                        .map(MediaType::getSchema)
                        .map(Schema::get$ref)
                        .map(reference -> reference.substring(REFERENCE.length()));
    }

    private static void addParameters(Operation operation, Request request) {
        for (QueryFields.Field field : QueryFields.of(request.type()).all()) {
            request.find(request.whole(), field.path())
                    .ifPresent(found -> operation.addParametersItem(found.toParameter(field.name())));
        }
    }

    /** The schema of a single value, and what is said of it, or else of what it is part of. */
    private record Found(Schema<?> value, String description) {

        Parameter toParameter(String name) {
            Schema<?> schema = AnnotationsUtils.clone(value, true);
            Object preset = schema.getDefault();
            schema.setDefault(null); // or consoles would fill it in, and send it with JSON as well
            schema.setDefaultSetFlag(false);
            schema.setDescription(null);
            Set<String> types = new LinkedHashSet<>(schema.getTypes());
            types.remove("null");
            schema.setTypes(types);
            if (schema.getEnum() != null) {
                schema.getEnum().removeIf(Objects::isNull);
            }
            return new Parameter()
                    .in("query")
                    .name(name)
                    .description("For CSV and NDJSON. " + description + (preset == null ? "" : "; default " + preset))
                    .schema(schema);
        }
    }

    /** The record that a request is read into, and its schema. */
    private record Request(String name, Class<?> type, Map<String, Schema> schemas) {

        Found whole() {
            return new Found(new Schema<>().$ref(REFERENCE + name), "");
        }

        /** What is found on a path within; nothing if that is none of text, number and truth. */
        Optional<Found> find(Found within, List<String> path) {
            Schema<?> schema = resolve(within.value());
            String description = Objects.requireNonNullElse(schema.getDescription(), within.description());
            List<Schema<?>> variants = variants(schema);
            if (!variants.isEmpty()) {
                return variants.stream()
                        .flatMap(variant -> find(new Found(variant, description), path).stream())
                        .findFirst();
            }
            if (path.isEmpty()) {
                return isValue(schema) ? Optional.of(new Found(schema, description)) : Optional.empty();
            }
            return inner(schema, path.get(0))
                    .flatMap(inner -> find(new Found(inner, description), path.subList(1, path.size())));
        }

        private Schema<?> resolve(Schema<?> schema) {
            String reference = schema.get$ref();
            return reference == null
                    ? schema
                    : Objects.requireNonNull(schemas.get(reference.substring(REFERENCE.length())));
        }

        @SuppressWarnings("unchecked") // raw there
        private static List<Schema<?>> variants(Schema<?> schema) {
            List<?> variants = schema.getOneOf() == null ? schema.getAnyOf() : schema.getOneOf();
            return variants == null ? List.of() : (List<Schema<?>>) variants;
        }

        private static boolean isValue(Schema<?> schema) {
            return schema.getTypes() != null
                    && Stream.of("string", "number", "integer", "boolean").anyMatch(schema.getTypes()::contains);
        }

        private static Optional<Schema<?>> inner(Schema<?> schema, String step) {
            if (step.equals(QueryFields.ANY)) {
                return schema.getAdditionalProperties() instanceof Schema<?> any ? Optional.of(any) : Optional.empty();
            }
            return Optional.ofNullable(schema.getProperties()).map(properties -> properties.get(step));
        }
    }
}
