package io.backprop.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Reads datasets. The rows come in Spark's internal form, which needs no object for each cell, together with their place, which
 * is that in a Parquet file: its name and the number of the row, which messages call a line.
 */
final class DatasetParts {

    private static final String FILE = "file_name";
    private static final String INDEX = "row_index"; // in the file, from 0

    private DatasetParts() {}

    /** Applies a function to the parts of Parquet files, which must have the same columns. */
    static <T> JavaRDD<T> ofParquet(SparkSession spark, List<String> files, TableSource.PartFunction<T> function) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.caseSensitive", "true");
        Dataset<Row> table = session.read().parquet(files.toArray(String[]::new));
        return flatMap(table, col("_metadata"), function); // Spark would copy rows once more to select fields of it
    }

    /** The partitions of a dataset, which are parts without a name. */
    record DatasetSource(Dataset<Row> table) implements TableSource {
        @Override
        public <T> JavaRDD<T> flatMap(PartFunction<T> function) {
            return DatasetParts.flatMap(table, struct(lit("").as(FILE), lit(-1L).as(INDEX)), function);
        }
    }

    /** @param place struct of {@link #FILE}, {@link #INDEX} and perhaps others */
    private static <T> JavaRDD<T> flatMap(Dataset<Row> table, Column place, TableSource.PartFunction<T> function) {
        StructType schema = table.schema();
        List<String> names = List.of(schema.fieldNames());
        List<CellReader> readers = Stream.of(schema.fields())
                .map(field -> CellReader.of(field, CellReader.Numbers.AS_IN_TRAINING))
                .toList();
        Column[] columns = Stream.concat(
                        names.stream().map(name -> col("`" + name.replace("`", "``") + "`")), Stream.of(place))
                .toArray(Column[]::new);
        Dataset<Row> selected = table.select(columns);
        StructType places =
                (StructType) selected.schema().fields()[names.size()].dataType();
        return selected.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(rows -> new Parts<>(new Cursor(rows, names.size(), places), names, readers, function));
    }

    /**
     * Spark takes the columns of one file for those of all.
     *
     * @throws TableException if the files differ
     */
    static void requireSameColumns(SparkSession spark, List<String> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        List<List<String>> columns = context.parallelize(files, files.size())
                .map(file -> columns(
                        HadoopInputFile.fromPath(new Path(file), hadoop.value().value())))
                .collect();
        for (int i = 1; i < files.size(); i++) {
            if (!columns.get(i).equals(columns.get(0))) {
                throw TableException.invalid(
                        "%s: all files must have the same columns, but this one has %s and %s has %s",
                        new Path(files.get(i)).getName(),
                        columns.get(i),
                        new Path(files.get(0)).getName(),
                        columns.get(0));
            }
        }
    }

    private static List<String> columns(HadoopInputFile file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            return reader.getFileMetaData().getSchema().getFields().stream()
                    .map(Type::getName)
                    .sorted()
                    .toList();
        }
    }

    /** The rows of a task, with the current one before them. */
    private static final class Cursor {

        private final Iterator<InternalRow> rows;
        private final int column; // of the place
        private final int fields;
        private final int file; // field
        private final int index; // field
        private @Nullable InternalRow row; // null at the end

        Cursor(Iterator<InternalRow> rows, int column, StructType places) {
            this.rows = rows;
            this.column = column;
            this.fields = places.length();
            this.file = places.fieldIndex(FILE);
            this.index = places.fieldIndex(INDEX);
            advance();
        }

        void advance() {
            row = rows.hasNext() ? rows.next() : null;
        }

        /** The name of the file of a row. */
        String file(InternalRow current) {
            return current.getStruct(column, fields).getUTF8String(file).toString();
        }

        /** The number of a row in its file, from 1. */
        long line(InternalRow current) {
            return current.getStruct(column, fields).getLong(index) + 1;
        }

        boolean isAt(String name) {
            return row != null && file(row).equals(name);
        }

        void skip(String file) {
            while (isAt(file)) {
                advance();
            }
        }
    }

    /** The rows of one file that a task reads. */
    private record DatasetPart(String source, Cursor cursor, List<String> names, List<CellReader> readers)
            implements TablePart {

        @Override
        public Rows open(RowSink sink) {
            sink.begin(names);
            return TablePart.naming(source, () -> {
                InternalRow row = cursor.row;
                if (row == null || !cursor.isAt(source)) {
                    return false;
                }
                sink.beginRow(cursor.line(row), 0);
                for (int i = 0; i < readers.size(); i++) {
                    if (!row.isNullAt(i)) {
                        readers.get(i).read(row, i, sink);
                    }
                }
                sink.endRow();
                cursor.advance();
                return true;
            });
        }
    }

    /**
     * Applies a function to each part.
     *
     * @param <T> type of the results
     */
    private static final class Parts<T> implements Iterator<T> {

        private final Cursor cursor;
        private final List<String> names;
        private final List<CellReader> readers;
        private final TableSource.PartFunction<T> function;
        private @Nullable String file; // null before the first
        private Iterator<T> results = Collections.emptyIterator(); // of the part of this file

        Parts(Cursor cursor, List<String> names, List<CellReader> readers, TableSource.PartFunction<T> function) {
            this.cursor = cursor;
            this.names = names;
            this.readers = readers;
            this.function = function;
        }

        @Override
        public boolean hasNext() {
            while (!results.hasNext()) {
                if (file != null) {
                    cursor.skip(file); // what a function has left after a failure
                }
                if (cursor.row == null) {
                    return false;
                }
                file = cursor.file(cursor.row);
                results = function.apply(new DatasetPart(file, cursor, names, readers));
            }
            return true;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return results.next();
        }
    }
}
