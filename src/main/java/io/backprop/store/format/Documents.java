package io.backprop.store.format;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Optimizer;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON that is stored. A document with unknown or missing fields is rejected. */
public final class Documents {
    /*
     * The records of the engine, tabular data and the model are stored as they are: the names of components, of enum
     * constants and of the implementations of sealed interfaces are part of the format. The golden files of
     * ModelDocumentTests and TrainingDocumentTests fail if one of these is renamed.
     */

    /** Version of the format of {@link ModelDocument}, {@link VersionDocument} and {@link TrainingDocument}. */
    static final int FORMAT = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .changeDefaultVisibility(visibility -> visibility
                    .withFieldVisibility(Visibility.ANY) // components only, no derived values such as isIdentity()
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE))
            .addMixIn(Feature.class, SimpleName.class)
            .addMixIn(LearningRateSchedule.class, SimpleName.class)
            .addMixIn(Loss.class, SimpleName.class)
            .addMixIn(Optimizer.class, SimpleName.class)
            .addMixIn(Preprocessing.class, SimpleName.class)
            .build();

    private Documents() {}

    /** Names the implementation of a sealed interface. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    private interface SimpleName {}

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static ModelDocument readModel(String document) {
        return readDocument(document, ModelDocument.class);
    }

    public static VersionDocument readVersion(String document) {
        return readDocument(document, VersionDocument.class);
    }

    public static TrainingDocument readTraining(String document) {
        return readDocument(document, TrainingDocument.class);
    }

    private static <T> T readDocument(String document, Class<T> type) {
        int format = format(document);
        requireNotNewer(format);
        if (format != FORMAT) {
            throw new CorruptDataException(
                    "the document must have format version %d, but has version %d".formatted(FORMAT, format));
        }
        return MAPPER.readValue(document, type);
    }

    /**
     * Checks that this version of the service can read a document.
     *
     * @throws NewerFormatException if only a newer version can
     */
    public static void requireNotNewer(String document) {
        requireNotNewer(format(document));
    }

    private static void requireNotNewer(int format) {
        if (format > FORMAT) {
            throw new NewerFormatException("the document", FORMAT, format);
        }
    }

    private static int format(String document) {
        return MAPPER.readTree(document).path("format").asInt(0);
    }

    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
