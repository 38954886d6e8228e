package io.backprop.tabular;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of a table, by number and by name. */
final class Columns {

    private static final int MOST_NAMES = 20; // in a message

    private final Column[] columns;
    private final Map<String, Integer> indexes = new HashMap<>();

    Columns(Column[] columns) {
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
            throw new InvalidTableException(
                    "%s column %s, but the table has only %s".formatted(asker, Cell.quote(name), list(names())));
        }
        return index;
    }

    static InvalidTableException notANumber(Cell cell) {
        String unclear = CellKind.whatIsUnclear(cell.text());
        return unclear.isEmpty()
                ? cell.mustBe("a number")
                : cell.breaks("must be a number, but %s %s".formatted(Cell.quote(cell.text()), unclear));
    }

    static InvalidTableException notADate(Cell cell) {
        return cell.mustBe("a date in ISO 8601, such as 2024-02-29");
    }

    static InvalidTableException notAClass(Cell cell, List<String> labels) {
        return cell.mustBe("one of " + list(labels));
    }

    /** Names from outside, at a length that suits a message. */
    static String list(List<String> names) {
        String listed = names.stream().limit(MOST_NAMES).map(Cell::quote).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? listed + " and %d more".formatted(names.size() - MOST_NAMES) : listed;
    }
}
