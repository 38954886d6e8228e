package io.backprop.model;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the user notes about a model. */
public record Description(@Nullable String text, Map<String, String> tags) {

    /** Lengths in characters, and the number of tags. */
    public static final int MAX_TEXT = 2_000;

    public static final int MAX_TAGS = 50;
    public static final int MAX_TAG_NAME = 64;
    public static final int MAX_TAG = 256;

    public static final Description NONE = new Description(null, Map.of());

    public Description {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        InvalidInputException.require(
                "tags",
                tags.size() <= MAX_TAGS,
                "a model may have at most %d tags, but would have %d".formatted(MAX_TAGS, tags.size()));
        requireStorable("description", text == null ? Stream.of() : Stream.of(text));
        requireStorable("tags", textsOf(tags));
    }

    /** Rejects texts that cannot be encoded as UTF-8, or stored by every database. */
    public static void requireStorable(String field, Stream<String> texts) {
        InvalidInputException.require(
                field,
                texts.allMatch(text -> text.indexOf(0) < 0
                        && StandardCharsets.UTF_8.newEncoder().canEncode(text)),
                field + " must be without NUL characters and unpaired surrogates");
    }

    private static Stream<String> textsOf(Map<String, String> tags) {
        return tags.entrySet().stream().flatMap(tag -> Stream.of(tag.getKey(), tag.getValue()));
    }

    Stream<String> texts() {
        return text == null ? textsOf(tags) : Stream.concat(Stream.of(text), textsOf(tags));
    }
}
