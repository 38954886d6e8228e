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
        ModelDocument read = MAPPER.readValue(upgradeModel(tree) ? write(tree) : document, ModelDocument.class);
        requireFormat(ModelDocument.FORMAT, read.format());
        return read;
    }

    static TrainingDocument readTraining(String document) {
        ObjectNode tree = (ObjectNode) MAPPER.readTree(document);
        TrainingDocument read =
                MAPPER.readValue(upgradeTraining(tree) ? write(tree) : document, TrainingDocument.class);
        requireFormat(TrainingDocument.FORMAT, read.format());
        requireFormat(ModelDocument.FORMAT, read.model().format());
        return read;
    }

    private static boolean upgradeTraining(ObjectNode training) {
        boolean upgraded = training.get("model") instanceof ObjectNode model && upgradeModel(model);
        if (training.path("format").asInt() != 1) {
            return upgraded;
        }
        training.put("format", TrainingDocument.FORMAT).put("folds", 0);
        return true;
    }

    /** To the format of today, with all that may be absent; false if it is so already. */
    private static boolean upgradeModel(ObjectNode model) {
        if (model.path("format").asInt() == 1) {
            model.put("format", ModelDocument.FORMAT).putObject("preprocessing").put("kind", "none");
            return true;
        }
        if (model.get("preprocessing") instanceof ObjectNode columns
                && columns.has("target")
                && !columns.has("dates")) {
            columns.put("dates", false);
            return true;
        }
        return false;
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

    static <E extends Enum<E>> E valueOf(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }
}
