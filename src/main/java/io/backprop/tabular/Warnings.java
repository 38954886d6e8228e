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
    private final Map<String, Unknown> unknown = new LinkedHashMap<>(); // by column
    private long more;

    /** Cells with categories that a model does not know. */
    private record Unknown(long cells, String first) {}

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

    /** Counts cells with categories that the model does not know. */
    void addUnknown(String column, long cells, String first) {
        Unknown before = unknown.get(column);
        if (before == null && unknown.size() == MAX_MESSAGES) {
            more++;
        } else {
            unknown.put(
                    column,
                    before == null ? new Unknown(cells, first) : new Unknown(before.cells + cells, before.first));
        }
    }

    public List<String> toList() {
        List<String> list = new ArrayList<>(messages);
        unknown.forEach((column, cells) -> list.add("column %s: %d %s with categories not seen in training, such as %s"
                .formatted(quote(column), cells.cells, cells.cells == 1 ? "cell" : "cells", quote(cells.first))));
        if (more > 0) {
            list.add("%d more warnings".formatted(more));
        }
        return list;
    }
}
