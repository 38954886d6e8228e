package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The names of a table's columns, in their order. */
public final class Header {

    /** The likely cause of a header with one column. */
    static final String SEPARATORS = "; columns must be separated by commas, semicolons or tabs";

    private static final int MAX_COLUMNS = 50_000;
    private static final int MAX_NAME_LENGTH = 256;

    private static final Pattern OTHER_SEPARATOR = Pattern.compile("[|:\\s]");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+[.,]\\d+");

    private final List<String> names = new ArrayList<>(); // empty for a column without a name
    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    /** Strips and checks the names. */
    Header(List<String> names) {
        requireCount(names.size());
        for (String name : names) {
            String stripped = requireName(name.strip(), this.names.size() + 1);
            if (!stripped.isEmpty() && indexes.putIfAbsent(stripped, this.names.size()) != null) {
                throw TableException.invalid(
                        "columns must have different names, but two are named %s", quote(stripped));
            }
            this.names.add(stripped);
        }
        if (indexes.isEmpty()) {
            throw TableException.invalid("a table must have at least 1 column with a name, but has none");
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
        requireLength(name, number);
        if (!StringDictionary.isStorable(name)) {
            throw TableException.invalid(
                    "the name of column %d must not contain NUL characters or unpaired surrogates", number);
        }
        return name;
    }

    /** The names in the order of the columns; empty for a column without a name, which is ignored. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** The indexes of the columns without a name. */
    List<Integer> unnamed() {
        return IntStream.range(0, names.size())
                .filter(index -> names.get(index).isEmpty())
                .boxed()
                .toList();
    }

    /** The likely cause where the names look like none. */
    private String cause() {
        if (names.size() == 1 && OTHER_SEPARATOR.matcher(names.get(0)).find()) {
            return SEPARATORS;
        }
        return indexes.keySet().stream().anyMatch(name -> NUMBER.matcher(name).matches())
                ? "; the first line must have the names of the columns"
                : "";
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
                    "%s column %s, but the table has only %s%s",
                    requester, quote(name), quote(List.copyOf(indexes.keySet())), cause());
        }
        return index;
    }
}
