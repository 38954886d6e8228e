package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.Targets;
import io.backprop.web.json.JsonAlternatives;
import io.backprop.web.problem.ValueDescriptions;
import io.backprop.web.table.RequestTable;
import io.backprop.web.table.RowSource;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.ComposedSchema;
import io.swagger.v3.oas.models.media.MapSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Describes matrices, targets, tables and enumerations in the OpenAPI document as they look in JSON. */
@Component
class EngineSchemas implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType javaType = Json.mapper().constructType(type.getType());
        Class<?> raw = javaType == null ? Object.class : javaType.getRawClass();
        if (raw == Targets.class) {
            return targets();
        }
        if (raw == RequestTable.class || raw == RowSource.class) {
            return rows();
        }
        if (raw.isRecord() && !JsonAlternatives.typesFor(raw).isEmpty()) {
            Schema<?> oneOf = new ComposedSchema();
            JsonAlternatives.typesFor(raw).forEach(alternative -> oneOf.addOneOfItem(plain(alternative)));
            return oneOf;
        }
        if (raw == Matrix.class) {
            type.type(float[][].class);
        }
        if (raw == Vector.class) {
            type.type(float[].class);
        }
        Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        if (schema != null && raw.isEnum() && schema.getEnum() != null) {
            rename(schema, ValueDescriptions.namesOf(raw));
        }
        return schema;
    }

    /** Of text, a number, or an object of them. */
    private static Schema<?> plain(Type type) {
        if (type instanceof ParameterizedType map) {
            return new MapSchema().additionalProperties(plain(map.getActualTypeArguments()[1]));
        }
        return type == String.class ? new StringSchema() : number();
    }

    private static Schema<?> targets() {
        Schema<?> rows = new ArraySchema().items(new ArraySchema().items(number()));
        Schema<?> numbers = new ArraySchema().items(number());
        Schema<?> texts = new ArraySchema().items(new StringSchema());
        Schema<?> booleans = new ArraySchema().items(new BooleanSchema());
        return new ComposedSchema()
                .oneOf(List.of(rows, numbers, texts, booleans))
                .description("Rows of numbers; with one output a flat list of numbers; for classification labels");
    }

    private static Schema<?> rows() {
        // in this order, as the document is to be the same text after each start
        Schema<?> cell = new Schema<>().types(new LinkedHashSet<>(List.of("number", "string", "boolean", "null")));
        return new ArraySchema()
                .items(new MapSchema().additionalProperties(cell))
                .description("Objects of the same fields, which are the columns of a table; null is a gap");
    }

    private static Schema<?> number() {
        return new NumberSchema().format("float");
    }

    @SuppressWarnings("unchecked") // the schema of an enumeration is one of text
    private static void rename(Schema<?> schema, List<String> names) {
        ((Schema<Object>) schema).setEnum(new ArrayList<>(names));
    }
}
