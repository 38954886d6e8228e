package io.backprop.store.format;

import io.backprop.driver.DriverDocuments;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.model.InvalidInputException;
import io.backprop.search.Domain;
import io.backprop.search.SearchSettings;
import io.backprop.search.Setting;
import io.backprop.training.SearchPlan;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON that is stored or exported. A document with unknown, duplicate or missing fields is rejected. */
public final class Documents {
    /*
     * The records of the engine, tabular data and the model are stored as they are, as DriverDocuments writes them. The
     * golden files of ModelDocumentTests and TrainingDocumentTests fail if a component, an enum constant or an implementation
     * of a sealed interface is renamed.
     */

    /** Version of the format of {@link ModelDocument}, {@link VersionDocument} and {@link TrainingDocument}. */
    static final int FORMAT = 1;

    private static final JsonMapper MAPPER = DriverDocuments.mapper()
            .rebuild()
            .addMixIn(Domain.class, DriverDocuments.SimpleName.class)
            .addMixIn(SearchPlan.class, OfSearch.class)
            .addMixIn(Setting.class, DriverDocuments.SimpleName.class)
            .build();

    private Documents() {}

    /** Names the only implementation of an interface. */
    @JsonDeserialize(as = SearchSettings.class)
    private interface OfSearch {}

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static ModelDocument readModel(String document) {
        return readDocument(document, ModelDocument.class);
    }

    public static VersionDocument readVersion(String document) {
        return readDocument(document, VersionDocument.class);
    }

    /**
     * Reads a document from an untrusted source.
     *
     * @throws CorruptDataException if it violates any rule
     */
    public static ExportDocument readExport(String document) {
        try {
            ExportDocument read = MAPPER.readValue(document, ExportDocument.class);
            if (read == null) {
                throw new CorruptDataException("the document must be an object, but is null");
            }
            requireFormat(read.model().format());
            requireFormat(read.state().format());
            return read;
        } catch (JacksonException e) {
            throw new CorruptDataException(pointer(e) + reason(e), e);
        }
    }

    private static String pointer(JacksonException e) {
        return e.getPath().isEmpty()
                ? "the document"
                : e.getPath().stream()
                        .map(part -> "/" + (part.getPropertyName() == null ? part.getIndex() : part.getPropertyName()))
                        .collect(Collectors.joining());
    }

    /** Jackson's own messages name Java classes. */
    private static String reason(JacksonException e) {
        if (e.getCause() instanceof InvalidArgumentException || e.getCause() instanceof InvalidInputException) {
            return ": " + e.getCause().getMessage();
        }
        if (e instanceof UnrecognizedPropertyException) {
            return " is unknown";
        }
        return e instanceof StreamReadException && !(e instanceof InputCoercionException)
                ? " is not valid JSON"
                : " is missing, or has an invalid value";
    }

    public static TrainingDocument readTraining(String document) {
        return readDocument(document, TrainingDocument.class);
    }

    private static <T> T readDocument(String document, Class<T> type) {
        requireFormat(format(document));
        return MAPPER.readValue(document, type);
    }

    private static void requireFormat(int format) {
        requireNotNewer(format);
        if (format != FORMAT) {
            throw new CorruptDataException(
                    "the document must have format version %d, but has version %d".formatted(FORMAT, format));
        }
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
