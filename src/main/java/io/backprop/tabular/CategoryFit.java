package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;

/** The different words of a column, in order of first appearance. */
final class CategoryFit extends ColumnFit {

    private final boolean[] seen; // by code
    private final List<String> categories = new ArrayList<>();
    private long count;
    private boolean gaps;

    CategoryFit(Table table, int index) {
        super(table, index);
        this.seen = new boolean[column.words().size()];
    }

    @Override
    void look(FeatureFinder.Block block) {
        if (!column.hasWords()) {
            return;
        }
        for (int i = block.from(); i < block.to(); i++) {
            float cell = table.cell(block.rows()[i], index);
            if (Float.isNaN(cell)) {
                gaps = true;
            } else {
                count++;
                see((int) cell);
            }
        }
    }

    private void see(int code) {
        if (!seen[code]) {
            seen[code] = true;
            categories.add(column.words().get(code));
        }
    }

    @Override
    String whyUseless() {
        if (!column.hasWords()) {
            return column.whyWithoutWords();
        }
        if (categories.size() > FoundColumn.MOST_CATEGORIES) {
            return "has more than %,d different words".formatted(FoundColumn.MOST_CATEGORIES);
        }
        if (count == 0) {
            return "has no values";
        }
        if (count > 1 && count == categories.size()) {
            return "has a different word in every row";
        }
        return categories.size() == 1 && !gaps ? "has the same value in every row" : "";
    }

    @Override
    Feature feature() {
        return new Feature.Categorical(column.name(), categories, gaps);
    }
}
