package io.backprop.tabular;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows of a table are for validation. It depends on the cells of a row alone, not on its place in the table. */
public sealed interface RowSplit {

    /**
     * A share of the rows at random: those with {@code h · 2⁻⁶⁴ < share}, where h is a seeded hash of the cells in some
     * columns. Equal rows are on the same side. Rows are not stratified by class.
     *
     * @param columns of which the cells count, sorted by name; those of groups whose rows stay together alone
     */
    record ByContent(List<HashedColumn> columns, double share, long seed) implements RowSplit {
        public ByContent {
            columns = List.copyOf(columns);
        }

        /** What is hashed of a column; null if it is not. */
        @Nullable
        Content contentOf(String column) {
            return columns.stream()
                    .filter(hashed -> hashed.name().equals(column))
                    .map(HashedColumn::content)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The rows whose cell in a column is {@link RowDivision#VALIDATION}; all others have {@link RowDivision#TRAINING}. */
    record ByPart(String column) implements RowSplit {}

    /** A column whose cells are hashed. */
    record HashedColumn(String name, Content content) {}

    /** What is hashed of a cell. */
    enum Content {
        NUMBER,
        /** The number of days. */
        DATE,
        /** Its text, without whitespace around it. */
        TEXT
    }
}
