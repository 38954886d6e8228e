package io.backprop.store;

import io.backprop.training.CrossValidation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
        ObjectNode tree = (ObjectNode) MAPPER.readTree(document);
        ModelDocument read =
                MAPPER.readValue(DocumentUpgrades.upgradeModel(tree) ? write(tree) : document, ModelDocument.class);
        requireFormat(ModelDocument.FORMAT, read.format());
        return read;
    }

    static TrainingDocument readTraining(String document) {
        ObjectNode tree = (ObjectNode) MAPPER.readTree(document);
        TrainingDocument read = MAPPER.readValue(
                DocumentUpgrades.upgradeTraining(tree) ? write(tree) : document, TrainingDocument.class);
        requireFormat(TrainingDocument.FORMAT, read.format());
        requireFormat(ModelDocument.FORMAT, read.model().format());
        return read;
    }

    static Map<String, @Nullable Double> readMetrics(String document) {
        return MAPPER.readerForMapOf(Double.class).readValue(document);
    }

    static List<String> readTexts(String document) {
        return MAPPER.readValue(document, new TypeReference<List<String>>() {});
    }

    static List<CrossValidation.Fold> readFolds(String document) {
        return MAPPER.readValue(document, new TypeReference<List<CrossValidation.Fold>>() {});
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

    static @Nullable String optionalNameOf(@Nullable Enum<?> value) {
        return value == null ? null : nameOf(value);
    }

    static <E extends Enum<E>> E valueOf(Class<E> type, String name) {
        E value = Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
        if (!nameOf(value).equals(name)) {
            throw new DamagedException("%s must stand in lower case, but is %s".formatted(nameOf(value), name));
        }
        return value;
    }
}
