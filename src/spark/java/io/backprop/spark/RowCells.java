package io.backprop.spark;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.TableException;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;
import org.jspecify.annotations.Nullable;

/**
 * Passes the rows of a dataset on as cells, as {@link CellReader} does: dates and times in ISO 8601, a boolean as {@code true}
 * or {@code false}, null as a missing value. Columns of other types, such as arrays, have no cells. The file of a row and its
 * number may follow the columns.
 */
final class RowCells {

    private final List<String> names;
    private final Cell[] cells; // by column

    private interface Cell {
        void pass(Object value, int column, RowSink sink);
    }

    /**
     * Creates the cells of a schema.
     *
     * @param numeric the names of columns whose numbers are passed on as floats, which is faster than as text
     */
    RowCells(StructType schema, Predicate<String> numeric) {
        this.names = List.of(schema.fieldNames());
        this.cells = Stream.of(schema.fields())
                .map(field -> cell(field.dataType(), numeric.test(field.name())))
                .toArray(Cell[]::new);
    }

    /** The cells of a schema, all of them as text. */
    static RowCells asText(StructType schema) {
        return new RowCells(schema, name -> false);
    }

    /** Rows as a part of a table. */
    TablePart part(Iterator<Row> rows) {
        return new TablePart() {
            @Override
            public String source() {
                return "";
            }

            @Override
            public Rows open(RowSink sink) {
                return RowCells.this.source(rows, new int[0]).open(sink, values -> {});
            }
        };
    }

    /**
     * Rows for prediction.
     *
     * @param kept the columns whose values are passed on. Not modified.
     */
    PredictedRows.Source source(Iterator<Row> rows, int[] kept) {
        return (sink, values) -> {
            sink.begin(names);
            return () -> {
                if (!rows.hasNext()) {
                    return false;
                }
                Row row = rows.next();
                @Nullable Object[] copies = new @Nullable Object[kept.length];
                for (int i = 0; i < kept.length; i++) {
                    copies[i] = row.get(kept[i]);
                }
                values.accept(copies);
                read(row, sink);
                return true;
            };
        };
    }

    private void read(Row row, RowSink sink) {
        boolean hasPlace = row.size() > cells.length;
        if (hasPlace) {
            sink.beginRow(row.getLong(cells.length + 1) + 1, 0);
        }
        try {
            for (int column = 0; column < cells.length; column++) {
                Object value = row.get(column);
                if (value != null) {
                    cells[column].pass(value, column, sink);
                }
            }
            sink.endRow();
        } catch (TableException e) {
            throw hasPlace ? TablePart.named(row.getString(cells.length), e) : e;
        }
    }

    /**
     * Rejects a schema in which a column that is needed has no cells.
     *
     * @param needed tells the names of such columns
     */
    static void requireCells(StructType schema, Predicate<String> needed) {
        for (StructField field : schema.fields()) {
            if (needed.test(field.name()) && !hasCells(field.dataType())) {
                throw TableException.invalid(
                        "column \"%s\" must have numbers, text, booleans, dates or timestamps, but has the type %s",
                        field.name(), field.dataType().simpleString());
            }
        }
    }

    private static boolean hasCells(DataType type) {
        return isNumber(type)
                || type instanceof StringType
                || type instanceof CharType
                || type instanceof VarcharType
                || type instanceof BooleanType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType;
    }

    private static boolean isInteger(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    private static boolean isNumber(DataType type) {
        return isInteger(type)
                || type instanceof FloatType
                || type instanceof DoubleType
                || type instanceof DecimalType;
    }

    private static Cell cell(DataType type, boolean asFloat) {
        if (isNumber(type)) {
            return asFloat
                    ? RowCells::passNumber
                    : (value, column, sink) -> passText(numberText(value), CellKind.NUMBER, column, sink);
        }
        if (!hasCells(type)) {
            return (value, column, sink) -> {};
        }
        return (value, column, sink) -> passText(text(value), CellKind.TEXT, column, sink);
    }

    /** A number is rounded to double and then to float, as one in a text is. */
    private static void passNumber(Object value, int column, RowSink sink) {
        float number = value instanceof Float single ? single : (float) ((Number) value).doubleValue();
        if (Float.isInfinite(number)) {
            passText(numberText(value), CellKind.NUMBER, column, sink); // for the message about it
        } else {
            sink.number(column, number);
        }
    }

    private static String numberText(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }

    private static String text(Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toInstant().toString();
        }
        return value.toString(); // ISO 8601, also of java.sql.Date
    }

    private static void passText(String text, CellKind kind, int column, RowSink sink) {
        char[] characters = text.toCharArray();
        sink.cell(column, kind, characters, 0, characters.length);
    }
}
