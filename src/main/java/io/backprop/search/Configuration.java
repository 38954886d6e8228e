package io.backprop.search;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The settings of one trial, by field.
 *
 * @param settings empty for the model as it is
 */
public record Configuration(Map<SearchField, Setting> settings) {

    /** The model as it is. */
    public static final Configuration NONE = new Configuration(Map.of());

    public Configuration {
        EnumMap<SearchField, Setting> ordered = new EnumMap<>(SearchField.class);
        ordered.putAll(settings);
        settings = Collections.unmodifiableMap(ordered);
    }
}
