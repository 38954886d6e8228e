package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;

/** The different words of a column, in order of first appearance. */
final class CategoricalFitter extends ColumnFitter {

    private final boolean[] seen; // by code
    private final List<String> categories = new ArrayList<>();
    private long count;
    private boolean missing;

    CategoricalFitter(Table table, int index) {
        super(table, index);
        this.seen = new boolean[column.dictionary().size()];
    }

    @Override
    void firstPass(FeatureFitter.Block block) {
        if (!column.hasDictionary()) {
            return;
        }
        for (int i = block.from(); i < block.to(); i++) {
            float cell = table.cell(block.rows()[i], index);
            if (Float.isNaN(cell)) {
                missing = true;
            } else {
                count++;
                see((int) cell);
            }
        }
    }

    private void see(int code) {
        if (!seen[code]) {
            seen[code] = true;
            categories.add(column.dictionary().get(code));
        }
    }

    @Override
    String dropReason() {
        if (!column.hasDictionary()) {
            return column.dictionaryRefusal();
        }
        if (categories.size() > InferredColumn.MOST_CATEGORIES) {
            return "has more than %,d different words".formatted(InferredColumn.MOST_CATEGORIES);
        }
        if (count == 0) {
            return "has no values";
        }
        if (count > 1 && count == categories.size()) {
            return "has a different word in every row";
        }
        return categories.size() == 1 && !missing ? "has the same value in every row" : "";
    }

    @Override
    Feature feature() {
        return new Feature.Categorical(column.name(), categories, missing);
    }
}
