package io.backprop.tabular;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a table, by number and by name. */
final class Layout {

    private final Column[] columns;
    private final Map<String, Integer> indexes = new HashMap<>();

    Layout(Column[] columns) {
        this.columns = columns;
        for (int i = 0; i < columns.length; i++) {
            indexes.put(columns[i].name(), i);
        }
    }

    int count() {
        return columns.length;
    }

    Column get(int index) {
        return columns[index];
    }

    List<String> names() {
        return Arrays.stream(columns).map(Column::name).toList();
    }

    /**
     * The number of a column.
     *
     * @param asker who asks for it, to go before "column …"
     */
    int require(String name, String asker) {
        Integer index = indexes.get(name);
        if (index == null) {
            throw TableException.invalid(
                    "%s column %s, but the table has only %s",
                    asker, CellReference.quote(name), CellReference.list(names()));
        }
        return index;
    }
}
