package io.backprop.spark;

import io.backprop.spark.CellReader.Numbers;
import io.backprop.tabular.Feature;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters$;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/**
 * Passes the rows of a dataset on as cells, in Spark's internal form to a {@link CellReader}. Columns of other types, such as
 * arrays, have no cells. The file of a row and its number may follow the columns.
 */
final class RowCells {

    private final List<String> names;
    private final List<Cell> cells;
    private final @Nullable Object[] values; // of a row, by column, in Spark's internal form
    private final InternalRow row;

    /**
     * The cells of a column.
     *
     * @param converter to Spark's internal form
     */
    private record Cell(int column, Function1<Object, Object> converter, CellReader reader) {
        static Cell of(StructType schema, int column, Numbers numbers) {
            StructField field = schema.fields()[column];
            return new Cell(
                    column,
                    CatalystTypeConverters$.MODULE$.createToCatalystConverter(field.dataType()),
                    CellReader.of(field, numbers));
        }
    }

    /** @param numbers how numbers of a column are passed on; null to leave the column out */
    RowCells(StructType schema, Function<String, @Nullable Numbers> numbers) {
        this.names = List.of(schema.fieldNames());
        this.cells = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            Numbers ofColumn = numbers.apply(names.get(column));
            if (ofColumn != null && CellReader.canRead(schema.fields()[column].dataType())) {
                cells.add(Cell.of(schema, column, ofColumn));
            }
        }
        this.values = new @Nullable Object[names.size()];
        this.row = new GenericInternalRow(values);
    }

    /** The cells that a model needs. */
    static RowCells features(StructType schema, TableScorer scorer) {
        return new RowCells(schema, numbers(scorer)::get);
    }

    /** All cells, with the digits that a copy of them needs. */
    static RowCells all(StructType schema, TableScorer scorer) {
        Map<String, Numbers> features = numbers(scorer);
        return new RowCells(
                schema, name -> features.get(name) == Numbers.AS_IN_TRAINING ? Numbers.AS_IN_TRAINING : Numbers.TEXT);
    }

    private static Map<String, Numbers> numbers(TableScorer scorer) {
        return scorer.columns().features().stream()
                .collect(Collectors.toMap(
                        Feature::name,
                        feature -> feature instanceof Feature.Numeric numeric && !numeric.dates()
                                ? Numbers.FLOATS
                                : Numbers.AS_IN_TRAINING));
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

    private void read(Row from, RowSink sink) {
        boolean hasPlace = from.size() > names.size();
        if (hasPlace) {
            sink.beginRow(from.getLong(names.size() + 1) + 1, 0);
        }
        try {
            for (Cell cell : cells) {
                int column = cell.column;
                if (!from.isNullAt(column)) {
                    values[column] = cell.converter.apply(from.get(column));
                    cell.reader.read(row, column, sink);
                }
            }
            sink.endRow();
        } catch (TableException e) {
            throw hasPlace ? TablePart.named(from.getString(names.size()), e) : e;
        }
    }
}
