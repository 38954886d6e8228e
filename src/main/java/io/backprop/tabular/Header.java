package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of a table's columns, in their order. */
public final class Header {

    private static final int MAX_COLUMNS = 50_000;
    private static final int MAX_NAME_LENGTH = 256;

    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    /** Strips and checks the names. */
    Header(List<String> names) {
        requireCount(names.size());
        if (names.isEmpty()) {
            throw TableException.invalid("a table must have at least 1 column, but has none");
        }
        for (String name : names) {
            String stripped = requireName(name.strip(), indexes.size() + 1);
            if (indexes.putIfAbsent(stripped, indexes.size()) != null) {
                throw TableException.invalid(
                        "columns must have different names, but two are named %s", quote(stripped));
            }
        }
    }

    /** Rejects more columns than a table may have. Readers call it before all names are in memory. */
    public static void requireCount(int columns) {
        if (columns > MAX_COLUMNS) {
            throw TableException.invalid("a table may have at most %,d columns, but has more", MAX_COLUMNS);
        }
    }

    static void requireLength(String name, int number) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw TableException.invalid(
                    "the name of a column must have at most %d characters, but column %d has %d",
                    MAX_NAME_LENGTH, number, name.length());
        }
    }

    private static String requireName(String name, int number) {
        if (name.isEmpty()) {
            throw TableException.invalid("each column must have a name, but column %d has none", number);
        }
        requireLength(name, number);
        if (!StringDictionary.isStorable(name)) {
            throw TableException.invalid(
                    "the name of column %d must not contain NUL characters or unpaired surrogates", number);
        }
        return name;
    }

    List<String> names() {
        return List.copyOf(indexes.keySet());
    }

    /**
     * The index of a column.
     *
     * @param requester the part of the message before "column …"
     */
    int require(String name, String requester) {
        Integer index = indexes.get(name);
        if (index == null) {
            throw TableException.invalid(
                    "%s column %s, but the table has only %s", requester, quote(name), quote(names()));
        }
        return index;
    }
}
