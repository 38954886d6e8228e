package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Binds records of configuration properties, and compares their defaults with the README. */
public final class TestProperties {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(backprop\\.[a-z.-]+)` \\| (?:`([^`]+)` )?\\|", Pattern.MULTILINE);

    private TestProperties() {}

    public static <T extends Record> T bind(Class<T> type, Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix(type), type);
    }

    /** Checks that the README lists every property of a record with its default. */
    public static <T extends Record> void assertReadmeListsDefaults(Class<T> type) {
        Map<String, String> documented = documentedDefaults(prefix(type) + ".");

        assertThat(documented).hasSize(type.getRecordComponents().length);
        documented.values().removeIf(Objects::isNull); // no value, or an empty list
        assertThat(bind(type, documented)).isEqualTo(bind(type, Map.of()));
    }

    private static String prefix(Class<?> type) {
        return type.getAnnotation(ConfigurationProperties.class).value();
    }

    private static Map<String, String> documentedDefaults(String prefix) {
        Map<String, String> defaults = new TreeMap<>();
        try {
            ROW.matcher(Files.readString(Path.of("README.md")))
                    .results()
                    .filter(row -> row.group(1).startsWith(prefix))
                    .forEach(row -> defaults.put(row.group(1), row.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return defaults;
    }
}
