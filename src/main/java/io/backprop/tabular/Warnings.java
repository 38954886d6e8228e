package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Problems of a table that do not keep it from being used: distinct messages, limited in number. */
public final class Warnings {

    private static final int MAX_MESSAGES = 50; // and as many columns with unknown categories

    private final Set<String> messages = new LinkedHashSet<>();
    private final Map<String, UnknownCategories> unknown = new LinkedHashMap<>(); // by column
    private long more;

    /** Counts the cells of a column with categories that a model does not know. */
    static final class UnknownCategories {

        private final String column;
        private long cells;
        private String first = "";

        private UnknownCategories(String column) {
            this.column = column;
        }

        /** Counts a cell with the given code. */
        void count(Column column, int code) {
            first = cells == 0 ? column.value(code) : first;
            cells++;
        }

        private String message() {
            return "column %s: %d %s with categories not seen in training, such as %s"
                    .formatted(quote(column), cells, cells == 1 ? "cell" : "cells", quote(first));
        }
    }

    public void add(String message) {
        if (messages.contains(message)) {
            return;
        }
        if (messages.size() < MAX_MESSAGES) {
            messages.add(message);
        } else {
            more++;
        }
    }

    /** Adds the number of rows that are ignored, unless it is 0. */
    void addRowsWithoutTarget(int rows, String target) {
        if (rows > 0) {
            add("%d %s ignored because the target %s is missing"
                    .formatted(rows, rows == 1 ? "row is" : "rows are", quote(target)));
        }
    }

    /** The counter of a column; the same one for each part of a table. */
    UnknownCategories unknownCategories(String column) {
        return unknown.computeIfAbsent(column, UnknownCategories::new);
    }

    public List<String> toList() {
        List<UnknownCategories> counted =
                unknown.values().stream().filter(column -> column.cells > 0).toList();
        List<String> list = new ArrayList<>(messages);
        counted.stream().limit(MAX_MESSAGES).map(UnknownCategories::message).forEach(list::add);
        long omitted = more + Math.max(0, counted.size() - MAX_MESSAGES);
        if (omitted > 0) {
            list.add("%d more warnings".formatted(omitted));
        }
        return list;
    }
}
