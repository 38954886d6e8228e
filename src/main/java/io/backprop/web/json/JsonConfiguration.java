package io.backprop.web.json;

import static org.springframework.http.MediaType.APPLICATION_YAML;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.Targets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Configures strict JSON: unknown and duplicate fields are rejected, and no value is converted to another type. */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    static final int MAX_NESTING = 64;
    static final int MAX_TEXT_LENGTH = 65_536;
    static final int MAX_NAME_LENGTH = 1_024;
    static final int MAX_NUMBER_LENGTH = 1_000;

    @Bean
    JsonFactoryBuilderCustomizer strictJsonFactory() {
        return factory -> factory.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(MAX_TEXT_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION, StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER);
    }

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return mapper -> {
            mapper.enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
            mapper.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
            mapper.enumNamingStrategy((config, type, name) -> name.toLowerCase(Locale.ROOT));
            mapper.enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY);
            mapper.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY);
            rejectConversions(mapper);
        };
    }

    private static void rejectConversions(JsonMapper.Builder mapper) {
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        mapper.withCoercionConfigDefaults(config -> config.setAcceptBlankAsEmpty(false)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail));
    }

    /** Removes the converter for YAML, which springdoc adds and which Spring would use for any body, though it is not strict. */
    @Bean
    ServerHttpMessageConvertersCustomizer noYaml() {
        return converters -> converters.configureMessageConvertersList(all ->
                all.removeIf(converter -> converter.getSupportedMediaTypes().contains(APPLICATION_YAML)));
    }

    @Bean
    JacksonModule numbersModule() {
        SimpleModule module = new SimpleModule("numbers")
                .addAbstractTypeMapping(List.class, BoundedList.class)
                .addAbstractTypeMapping(Map.class, BoundedMap.class);
        addDeserializer(module, float.class, JsonNumbers::readFloat);
        addDeserializer(module, Float.class, JsonNumbers::readFloat);
        addDeserializer(module, double.class, JsonNumbers::readDouble);
        addDeserializer(module, Double.class, JsonNumbers::readDouble);
        addDeserializer(module, Vector.class, JsonNumbers::readVector);
        addDeserializer(module, Matrix.class, JsonNumbers::readMatrix);
        addDeserializer(module, Targets.class, JsonTargets::read);
        NumberSerializers.addTo(module);
        return module;
    }

    private static <T> void addDeserializer(SimpleModule module, Class<T> type, Function<JsonParser, T> read) {
        module.addDeserializer(type, new FunctionDeserializer<>(type, read));
    }
}
