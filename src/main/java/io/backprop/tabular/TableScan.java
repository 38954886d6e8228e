package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the types of a table's columns without keeping its rows: the first of two or three passes that fit a model to a
 * table of any length.
 *
 * <p>Each file, or each part of one, has its own sinks, which are merged in any order:
 *
 * <ol>
 *   <li>a {@code TableScan} of all rows, and {@link #resolve};
 *   <li>a {@link TableFit} of all rows, and {@link TableFit#quantiles()};
 *   <li>if {@link TableQuantiles#isNeeded()}, a {@link TableQuantiles} of all rows;
 *   <li>{@link TableFit#result}.
 * </ol>
 */
public final class TableScan implements RowSink {

    private static final int UNUSED = -1;

    private final CellParser parser;
    private final @Nullable RowDivision division;
    private final RowPosition position;
    private List<String> names = List.of();
    private Column[] columns = {};
    private int dividing = UNUSED; // column
    private boolean isDivided; // the current row
    private long rows;

    /**
     * @param division the column that divides the rows; null for none
     * @param source where the rows come from, for messages such as "part-7.csv, line 5"; may be empty
     */
    public TableScan(CellRules rules, @Nullable RowDivision division, String source) {
        this.parser = new CellParser(rules);
        this.division = division;
        this.position = new RowPosition(source);
    }

    @Override
    public void begin(List<String> columnNames) {
        Header header = new Header(columnNames);
        if (division != null) {
            dividing = header.require(division.column(), "the rows are divided by");
        }
        names = header.names();
        columns = new Column[names.size()];
        for (int index = 0; index < columns.length; index++) {
            columns[index] = division != null && index == dividing
                    ? new DividingColumn(division, parser, position, CellStorage.NONE)
                    : new InferredColumn(names.get(index), index, parser, position, CellStorage.NONE);
        }
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        columns[column].convert(kind, text, offset, length);
        isDivided |= column == dividing;
    }

    /** Counts the number without writing it as text, if the column has too many for a dictionary. */
    @Override
    public void number(int column, float number) {
        if (!(columns[column] instanceof InferredColumn inferred && inferred.countNumber(number))) {
            RowSink.super.number(column, number);
        }
    }

    @Override
    public void endRow() {
        if (dividing != UNUSED && !isDivided) {
            columns[dividing].convertMissing();
        }
        isDivided = false;
        position.row++;
        rows++;
    }

    /**
     * Adds the rows of another scan, which must not be used afterwards. Columns are the same if their names are. If their
     * order differs, they are in the order of their names.
     *
     * @throws TableException if the other table has other columns
     */
    public void merge(TableScan other) {
        if (other.columns.length == 0) {
            return;
        }
        if (columns.length == 0) {
            begin(other.names);
        }
        Map<String, Column> added = other.byName();
        requireSameColumns(added, other);
        if (!names.equals(other.names)) {
            Map<String, Column> own = byName();
            names = own.keySet().stream().sorted().toList();
            columns = names.stream().map(own::get).toArray(Column[]::new);
            dividing = division == null ? UNUSED : names.indexOf(division.column());
        }
        for (Column column : columns) {
            if (column instanceof InferredColumn inferred && !inferred.name().isEmpty()) {
                inferred.merge((InferredColumn) Objects.requireNonNull(added.get(inferred.name())));
            }
        }
        parser.merge(other.parser);
        rows += other.rows;
    }

    private Map<String, Column> byName() {
        Map<String, Column> named = new HashMap<>();
        for (Column column : columns) {
            if (!column.name().isEmpty()) {
                named.put(column.name(), column);
            }
        }
        return named;
    }

    private void requireSameColumns(Map<String, Column> added, TableScan other) {
        List<String> missing = new ArrayList<>(byName().keySet());
        missing.removeAll(added.keySet());
        List<String> more = new ArrayList<>(added.keySet());
        more.removeAll(byName().keySet());
        if (!missing.isEmpty() || !more.isEmpty()) {
            String column = missing.isEmpty() ? more.get(0) : missing.get(0);
            String with = missing.isEmpty()
                    ? other.position.place().source()
                    : position.place().source();
            String without = missing.isEmpty()
                    ? position.place().source()
                    : other.position.place().source();
            throw TableException.invalid(
                    "all parts of a table must have the same columns, but column %s is in %s and not in %s",
                    quote(column), with, without);
        }
    }

    /** Number of complete rows so far. */
    public long rows() {
        return rows;
    }

    /**
     * Decides how each column is used, after all rows. Called once.
     *
     * @throws TableException if the table does not fit the options
     */
    public TableColumns resolve(FitOptions options) {
        if (rows == 0) {
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        Arrays.stream(columns).forEach(Column::finish);
        return TableColumns.of(options, new Header(names), columns, rows);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeUTF(position.place().source());
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
        for (Column column : columns) {
            if (column instanceof InferredColumn inferred) {
                inferred.writeTo(out);
            }
        }
        parser.writeTo(out);
        out.writeLong(rows);
    }

    /**
     * Reads the scan of a part of the table.
     *
     * @param rules those of the scan that was written
     * @param division that of the scan that was written
     */
    public static TableScan readFrom(DataInput in, CellRules rules, @Nullable RowDivision division) throws IOException {
        TableScan scan = new TableScan(rules, division, in.readUTF());
        List<String> names = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            names.add(in.readUTF());
        }
        if (count > 0) {
            scan.begin(names);
        }
        for (Column column : scan.columns) {
            if (column instanceof InferredColumn inferred) {
                inferred.readFrom(in);
            }
        }
        scan.parser.readFrom(in);
        scan.rows = in.readLong();
        return scan;
    }
}
