package io.backprop.spark;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/**
 * The names of the columns of a file.
 *
 * @param source the name of the file
 * @param failure why the file can't be read; empty if there is none
 */
record FileHeader(String source, List<String> columns, String failure) implements Serializable {

    FileHeader {
        columns = List.copyOf(columns);
    }

    /** Reads the beginning of a file. */
    static FileHeader of(TablePart part) {
        Columns columns = new Columns();
        try {
            part.open(columns).next();
        } catch (TableException e) {
            return new FileHeader(part.source(), List.of(), e.getMessage());
        }
        return new FileHeader(part.source(), columns.names, "");
    }

    /** @throws TableException if this file has other columns than the other one, or if one of them can't be read */
    void requireSameColumns(FileHeader other) {
        if (!failure.isEmpty()) {
            throw TableException.invalid("%s", failure);
        }
        if (!new HashSet<>(columns).equals(new HashSet<>(other.columns))) {
            throw TableException.invalid(
                    "%s: all files must have the same columns, but this one has %s and %s has %s",
                    source, columns, other.source, other.columns);
        }
    }

    private static final class Columns implements RowSink {

        private List<String> names = List.of();

        @Override
        public void begin(List<String> columns) {
            names = List.copyOf(columns);
        }

        @Override
        public void cell(int column, CellKind kind, char[] text, int offset, int length) {}

        @Override
        public void endRow() {}
    }
}
