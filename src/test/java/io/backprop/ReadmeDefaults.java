package io.backprop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The defaults of properties as the tables of the README state them. */
public final class ReadmeDefaults {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(backprop\\.[a-z.-]+)` \\| `([^`]+)` \\|", Pattern.MULTILINE);

    private ReadmeDefaults() {}

    /** Returns the documented defaults of the properties whose names begin with the prefix, by name. */
    public static Map<String, String> of(String prefix) {
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
