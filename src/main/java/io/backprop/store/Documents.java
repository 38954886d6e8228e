package io.backprop.store;

import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Documents as the JSON that is stored; one that has anything else in it than expected is not read. */
final class Documents {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private Documents() {}

    static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    static ModelDocument readModel(String document) {
        ModelDocument read = MAPPER.readValue(document, ModelDocument.class);
        requireFormat(ModelDocument.FORMAT, read.format());
        return read;
    }

    static TrainingDocument readTraining(String document) {
        TrainingDocument read = MAPPER.readValue(document, TrainingDocument.class);
        requireFormat(TrainingDocument.FORMAT, read.format());
        requireFormat(ModelDocument.FORMAT, read.model().format());
        return read;
    }

    static Map<String, Double> readMetrics(String document) {
        return MAPPER.readValue(document, new TypeReference<Map<String, Double>>() {});
    }

    private static void requireFormat(int expected, int format) {
        if (format != expected) {
            throw new DamagedException("the document must be of format %d, but is of %d".formatted(expected, format));
        }
    }

    /** How a value of an enumeration stands in documents and columns. */
    static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E valueOf(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }
}
