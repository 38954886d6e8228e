package io.backprop.tabular;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What names the columns of a table may have. */
public final class Header {

    private static final int MOST_COLUMNS = 50_000;

    private static final int LONGEST_NAME = 256;

    private Header() {}

    /** The names without space around them. */
    static List<String> clean(List<String> names) {
        if (names.isEmpty()) {
            throw TableException.invalid("a table must have at least 1 column, but has none");
        }
        requireCount(names.size());
        Set<String> known = new HashSet<>();
        List<String> cleaned = names.stream().map(String::strip).toList();
        for (int i = 0; i < cleaned.size(); i++) {
            requireName(cleaned.get(i), i + 1);
            if (!known.add(cleaned.get(i))) {
                throw TableException.invalid(
                        "%s",
                        "columns must have different names, but two are named " + CellReference.quote(cleaned.get(i)));
            }
        }
        return cleaned;
    }

    /** Refuses more columns than a table may have; to be asked before they are in memory. */
    public static void requireCount(int columns) {
        if (columns > MOST_COLUMNS) {
            throw TableException.invalid("a table may have at most %,d columns, but has more", MOST_COLUMNS);
        }
    }

    private static void requireName(String name, int number) {
        if (name.isEmpty()) {
            throw TableException.invalid("each column must have a name, but column %d has none", number);
        }
        requireLength(name, number);
        if (!CellReference.isText(name)) {
            throw TableException.invalid("the name of column %d has characters that are no text", number);
        }
    }

    static String requireLength(String name, int number) {
        if (name.length() > LONGEST_NAME) {
            throw TableException.invalid(
                    "the name of a column must have at most %d characters, but column %d has %d",
                    LONGEST_NAME, number, name.length());
        }
        return name;
    }
}
