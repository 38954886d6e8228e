package io.backprop.driver;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Optimizer;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowSplit;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads and writes records of this package, of the engine and of tables as JSON. A document with unknown, duplicate or missing
 * fields is rejected.
 */
public final class DriverDocuments {
    /*
     * The records are written as they are: the names of components, of enum constants and of the implementations of sealed
     * interfaces are part of the format.
     */

    private static final int MAX_NESTING = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .annotationIntrospector(
                    AnnotationIntrospector.pair(new RequiredValues(), new JacksonAnnotationIntrospector()))
            .changeDefaultVisibility(visibility -> visibility
                    .withFieldVisibility(Visibility.ANY) // components only, no derived values such as isIdentity()
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE))
            .addMixIn(Feature.class, SimpleName.class)
            .addMixIn(FittedTarget.class, SimpleName.class)
            .addMixIn(LearningRateSchedule.class, SimpleName.class)
            .addMixIn(Loss.class, SimpleName.class)
            .addMixIn(Optimizer.class, SimpleName.class)
            .addMixIn(Preprocessing.class, SimpleName.class)
            .addMixIn(RowSplit.class, SimpleName.class)
            .build();

    private DriverDocuments() {}

    /** Names the implementation of a sealed interface. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    public interface SimpleName {}

    /** The mapper, for documents that add types of their own. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static byte[] write(Object document) {
        return MAPPER.writeValueAsBytes(document);
    }

    /**
     * Reads a document.
     *
     * @param json may come from an untrusted source. Not modified.
     * @throws JacksonException if it violates any rule
     */
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
