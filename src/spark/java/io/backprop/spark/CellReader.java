package io.backprop.spark;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.TableException;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Passes cells of a column of Spark on, so that they mean the same as in CSV: dates and times in ISO 8601, times in UTC, and a
 * boolean as {@code true} or {@code false}.
 */
@FunctionalInterface
interface CellReader extends Serializable {

    /** How numbers are passed on. Those of {@link FloatType} are floats in any case. */
    enum Numbers {
        /** Doubles as floats, which is fast; integers and decimals as text, because it may be the name of a category. */
        AS_IN_TRAINING,
        /** All as floats, rounded to double before as a number in a text is. */
        FLOATS,
        /** As text with all digits. */
        TEXT
    }

    /** Passes on a cell that is not null, to the column of the same index. */
    void read(InternalRow row, int column, RowSink sink);

    /** Whether a column of this type has cells: numbers, text, booleans, dates or timestamps. */
    static boolean canRead(DataType type) {
        return type instanceof NumericType
                || type instanceof StringType
                || type instanceof BooleanType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType;
    }

    /**
     * Rejects a column that has no cells.
     *
     * @throws TableException naming the column and its type
     */
    static void requireReadable(StructField column) {
        if (!canRead(column.dataType())) {
            throw TableException.invalid(
                    "column \"%s\" must have numbers, text, booleans, dates or timestamps, but has the type %s",
                    column.name(), column.dataType().simpleString());
        }
    }

    /**
     * The reader of a column.
     *
     * @throws TableException if it has no cells
     */
    static CellReader of(StructField column, Numbers numbers) {
        requireReadable(column);
        DataType type = column.dataType();
        if (type instanceof FloatType) {
            return (row, i, sink) -> number(row.getFloat(i), i, sink);
        }
        if (type instanceof DoubleType) {
            return numbers == Numbers.TEXT
                    ? (row, i, sink) -> exact(row.getDouble(i), i, sink)
                    : (row, i, sink) -> number(row.getDouble(i), i, sink);
        }
        if (numbers == Numbers.FLOATS && type instanceof NumericType) {
            return asFloat(type);
        }
        if (type instanceof LongType) {
            return (row, i, sink) -> text(Long.toString(row.getLong(i)), CellKind.NUMBER, i, sink);
        }
        if (type instanceof IntegerType) {
            return (row, i, sink) -> text(Integer.toString(row.getInt(i)), CellKind.NUMBER, i, sink);
        }
        if (type instanceof ShortType) {
            return (row, i, sink) -> text(Integer.toString(row.getShort(i)), CellKind.NUMBER, i, sink);
        }
        if (type instanceof ByteType) {
            return (row, i, sink) -> text(Integer.toString(row.getByte(i)), CellKind.NUMBER, i, sink);
        }
        if (type instanceof DecimalType decimal) {
            int precision = decimal.precision();
            int scale = decimal.scale();
            return (row, i, sink) -> text(
                    row.getDecimal(i, precision, scale).toJavaBigDecimal().toPlainString(), CellKind.NUMBER, i, sink);
        }
        if (type instanceof StringType) {
            return (row, i, sink) -> text(row.getUTF8String(i).toString(), CellKind.UNTYPED, i, sink);
        }
        if (type instanceof BooleanType) {
            return (row, i, sink) -> text(Boolean.toString(row.getBoolean(i)), CellKind.UNTYPED, i, sink);
        }
        if (type instanceof DateType) {
            return (row, i, sink) -> text(LocalDate.ofEpochDay(row.getInt(i)).toString(), CellKind.UNTYPED, i, sink);
        }
        return (row, i, sink) -> text(time(row.getLong(i)), CellKind.UNTYPED, i, sink); // with or without a time zone
    }

    private static CellReader asFloat(DataType type) {
        if (type instanceof LongType) {
            return (row, i, sink) -> sink.number(i, (float) (double) row.getLong(i));
        }
        if (type instanceof IntegerType) {
            return (row, i, sink) -> sink.number(i, (float) row.getInt(i));
        }
        if (type instanceof ShortType) {
            return (row, i, sink) -> sink.number(i, row.getShort(i));
        }
        if (type instanceof ByteType) {
            return (row, i, sink) -> sink.number(i, row.getByte(i));
        }
        DecimalType decimal = (DecimalType) type;
        int precision = decimal.precision();
        int scale = decimal.scale();
        return (row, i, sink) -> number(row.getDecimal(i, precision, scale).toDouble(), i, sink);
    }

    private static void exact(double number, int column, RowSink sink) {
        if (!Double.isNaN(number)) {
            text(Double.toString(number), CellKind.NUMBER, column, sink);
        }
    }

    private static void number(double number, int column, RowSink sink) {
        float rounded = (float) number;
        if (Float.isInfinite(rounded)) {
            text(Double.toString(number), CellKind.NUMBER, column, sink); // is rejected with its text
        } else {
            sink.number(column, rounded);
        }
    }

    private static void text(String text, CellKind kind, int column, RowSink sink) {
        sink.cell(column, kind, text.toCharArray(), 0, text.length());
    }

    /**
     * A time in UTC in ISO 8601.
     *
     * @param micros since 1970
     */
    private static String time(long micros) {
        long second = TimeUnit.SECONDS.toMicros(1);
        return LocalDateTime.ofEpochSecond(
                        Math.floorDiv(micros, second), (int) Math.floorMod(micros, second) * 1000, ZoneOffset.UTC)
                .toString();
    }
}
