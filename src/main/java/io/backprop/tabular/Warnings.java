package io.backprop.tabular;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What someone should know of a table that was used nevertheless; each sentence once, and not too many of them. */
public final class Warnings {

    private static final int MOST = 50;

    private final Set<String> sentences = new LinkedHashSet<>();
    private final Map<String, Unknown> unknown = new LinkedHashMap<>(); // by column
    private long more;

    /** Cells with words that a model has not learned. */
    private record Unknown(long cells, String first) {}

    public void add(String sentence) {
        if (sentences.contains(sentence)) {
            return;
        }
        if (sentences.size() < MOST) {
            sentences.add(sentence);
        } else {
            more++;
        }
    }

    /** Says how many rows are not used, as they have no target; nothing if all have one. */
    void addRowsWithoutTarget(int rows, String target) {
        if (rows > 0) {
            add("%d %s left out, as the target %s is empty there"
                    .formatted(rows, rows == 1 ? "row is" : "rows are", CellReference.quote(target)));
        }
    }

    /** Counts cells whose words the model has not learned. */
    void addUnknown(String column, long cells, String first) {
        Unknown before = unknown.get(column);
        if (before == null && unknown.size() == MOST) {
            more++;
        } else {
            unknown.put(
                    column,
                    before == null ? new Unknown(cells, first) : new Unknown(before.cells + cells, before.first));
        }
    }

    public List<String> toList() {
        List<String> list = new ArrayList<>(sentences);
        unknown.forEach((column, cells) -> list.add("column %s: %d %s with words that were not learned, such as %s"
                .formatted(
                        CellReference.quote(column),
                        cells.cells,
                        cells.cells == 1 ? "cell" : "cells",
                        CellReference.quote(cells.first))));
        if (more > 0) {
            list.add("%d more warnings".formatted(more));
        }
        return list;
    }
}
