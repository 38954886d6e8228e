package io.backprop.tabular;

import java.util.List;
import java.util.stream.Collectors;

/** What columns must hold to be used as they are meant to. */
final class Columns {

    private static final int MOST_NAMES = 20; // in a message

    private Columns() {}

    /** Refuses a column that has cells which are neither numbers nor dates, or both of them. */
    static void requireNumbers(Column column) {
        Cell unclear = column.first(CellKind.UNCLEAR);
        Cell word = column.first(CellKind.WORD);
        Cell date = column.first(CellKind.DATE);
        if (word != null) {
            throw word.mustBe("a number");
        }
        if (date != null && !column.isDates()) {
            throw date.mustBe("a number, as others are");
        }
        if (unclear != null) {
            throw unclear(unclear);
        }
    }

    static InvalidTableException unclear(Cell cell) {
        return cell.breaks(
                "must be a number, but %s %s".formatted(Cell.quote(cell.text()), CellKind.whatIsUnclear(cell.text())));
    }

    static String list(List<String> names) {
        String listed = names.stream().limit(MOST_NAMES).map(Cell::quote).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? listed + " and %d more".formatted(names.size() - MOST_NAMES) : listed;
    }
}
