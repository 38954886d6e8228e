package io.backprop.web.table;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types of tables as text. */
public final class TableTypes {

    public static final String CSV = "text/csv";
    public static final String NDJSON = MediaType.APPLICATION_NDJSON_VALUE;

    static final List<MediaType> ALL = MediaType.parseMediaTypes(List.of(CSV, NDJSON));

    private static final List<MediaType> JSON =
            MediaType.parseMediaTypes(List.of(MediaType.APPLICATION_JSON_VALUE, "application/*+json"));

    private static final List<MediaType> FORMS =
            List.of(MediaType.APPLICATION_FORM_URLENCODED, MediaType.MULTIPART_FORM_DATA);

    private TableTypes() {}

    /** Whether a content type is one of these. */
    public static boolean include(@Nullable String contentType) {
        return matches(contentType, type -> ALL.stream().anyMatch(table -> table.includes(type)));
    }

    static boolean isJson(@Nullable String contentType) {
        return matches(contentType, type -> JSON.stream().anyMatch(json -> json.includes(type)));
    }

    static boolean isForm(@Nullable String contentType) {
        return matches(contentType, type -> FORMS.stream().anyMatch(form -> form.includes(type)));
    }

    private static boolean matches(@Nullable String contentType, Predicate<MediaType> condition) {
        if (contentType == null) {
            return false;
        }
        try {
            return condition.test(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
