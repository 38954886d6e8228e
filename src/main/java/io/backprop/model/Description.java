package io.backprop.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the user notes about a model. */
public record Description(@Nullable String text, Map<String, String> tags) {

    public static final Description NONE = new Description(null, Map.of());

    public Description {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    Stream<String> texts() {
        Stream<String> tagged = tags.entrySet().stream().flatMap(tag -> Stream.of(tag.getKey(), tag.getValue()));
        return text == null ? tagged : Stream.concat(Stream.of(text), tagged);
    }
}
