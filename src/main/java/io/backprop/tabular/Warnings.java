package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Problems of a table that do not keep it from being used: distinct messages, limited in number. */
public final class Warnings {

    private static final int MAX_MESSAGES = 50; // and as many about cells of columns

    private final Set<String> messages = new LinkedHashSet<>();
    private final Map<String, UnknownCategories> unknown = new LinkedHashMap<>(); // by column
    private final Map<String, InvalidCellCount> invalid = new LinkedHashMap<>(); // by column
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

    /** Counts the cells of a numeric column that are taken as missing. */
    private static final class InvalidCellCount {

        private final CellReference first;
        private final InferredColumn.Type type;
        private long cells;

        private InvalidCellCount(CellReference first, InferredColumn.Type type) {
            this.first = first;
            this.type = type;
        }

        private String message() {
            return first.takenAsMissing(type, cells);
        }
    }

    /** Adds a message, unless it is empty. */
    public void add(String message) {
        if (message.isEmpty() || messages.contains(message)) {
            return;
        }
        if (messages.size() < MAX_MESSAGES) {
            messages.add(message);
        } else {
            more++;
        }
    }

    /** Adds the number of rows that are ignored, unless it is 0. */
    void addRowsWithoutTarget(long rows, String target) {
        if (rows > 0) {
            add("%d %s ignored because the target %s is missing"
                    .formatted(rows, rows == 1 ? "row is" : "rows are", quote(target)));
        }
    }

    /** The counter of a column; the same one for each part of a table. */
    UnknownCategories unknownCategories(String column) {
        return unknown.computeIfAbsent(column, UnknownCategories::new);
    }

    /** Counts a cell of a numeric column that is taken as missing. */
    void countInvalid(CellReference cell, InferredColumn.Type type) {
        invalid.computeIfAbsent(cell.column(), column -> new InvalidCellCount(cell, type)).cells++;
    }

    /** Adds the number of columns without a name, which are ignored. */
    void addUnnamed(List<Integer> columns) {
        if (!columns.isEmpty()) {
            add(
                    columns.size() == 1
                            ? "column %d is ignored because it has no name".formatted(columns.get(0) + 1)
                            : "%d columns are ignored because they have no names, such as column %d"
                                    .formatted(columns.size(), columns.get(0) + 1));
        }
    }

    public List<String> toList() {
        List<String> counted = Stream.concat(
                        invalid.values().stream().map(InvalidCellCount::message),
                        unknown.values().stream()
                                .filter(column -> column.cells > 0)
                                .map(UnknownCategories::message))
                .toList();
        List<String> list = new ArrayList<>(messages);
        counted.stream().limit(MAX_MESSAGES).forEach(list::add);
        long omitted = more + Math.max(0, counted.size() - MAX_MESSAGES);
        if (omitted > 0) {
            list.add("%d more warnings".formatted(omitted));
        }
        return list;
    }
}
