package io.backprop.web.table;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types of tables as text. */
public final class TableTypes {

    public static final String CSV = "text/csv";
    public static final String NDJSON = MediaType.APPLICATION_NDJSON_VALUE;

    static final List<MediaType> ALL = MediaType.parseMediaTypes(List.of(CSV, NDJSON));

    private TableTypes() {}

    /** Whether a content type is one of these. */
    public static boolean include(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return ALL.stream().anyMatch(table -> table.includes(type));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
