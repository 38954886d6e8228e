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
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Passes cells of a column of Spark on, so that they mean the same as in CSV. Integers, decimals, times and booleans are passed
 * on as the text that CSV has for them, because it may be the name of a category.
 */
@FunctionalInterface
interface CellReader extends Serializable {

    /** Passes on a cell that is not null, to the column of the same index. */
    void read(InternalRow row, int column, RowSink sink);

    /**
     * The reader of a column.
     *
     * @throws TableException if its cells are no scalars
     */
    static CellReader of(StructField column) {
        DataType type = column.dataType();
        if (type instanceof FloatType) {
            return (row, i, sink) -> number(row.getFloat(i), i, sink);
        }
        if (type instanceof DoubleType) {
            return (row, i, sink) -> number(row.getDouble(i), i, sink);
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
        if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return (row, i, sink) -> text(time(row.getLong(i)), CellKind.UNTYPED, i, sink);
        }
        throw TableException.invalid(
                "column \"%s\" must have numbers, text, dates, times or booleans, but has the type %s",
                column.name(), type.simpleString());
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
