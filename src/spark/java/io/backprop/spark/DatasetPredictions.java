package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.Feature;
import io.backprop.tabular.PredictionColumns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Adds columns with predictions to a dataset, whose columns of the same names are left out. */
final class DatasetPredictions {

    private DatasetPredictions() {}

    /** Receives reports about parts of a table in a task. */
    @FunctionalInterface
    interface Reports extends Serializable {

        /** Throws the failure of a part. */
        Reports FAILURES = PartReport::requireSuccess;

        void add(PartReport report);
    }

    /**
     * The schema of rows with predictions.
     *
     * @throws TableException if a column that the model needs is missing or has an unsuitable type
     */
    static StructType schema(StructType rows, TableScorer scorer, PredictionColumns added) {
        List<String> names = List.of(rows.fieldNames());
        new RowEncoder(scorer.expectedColumns(false), CellRules.DEFAULT, new Warnings(), batch -> {}).begin(names);
        Set<String> features =
                scorer.columns().features().stream().map(Feature::name).collect(Collectors.toSet());
        Stream.of(rows.fields())
                .filter(column -> features.contains(column.name()))
                .forEach(CellReader::requireReadable);
        List<StructField> fields = new ArrayList<>();
        IntStream.of(added.kept(names)).forEach(column -> fields.add(rows.fields()[column]));
        boolean isText = !scorer.classes().isEmpty() || scorer.unit().isDate();
        for (int i = 0; i < added.names().size(); i++) {
            fields.add(DataTypes.createStructField(
                    added.names().get(i), i == 0 && isText ? DataTypes.StringType : DataTypes.FloatType, true));
        }
        return DataTypes.createStructType(fields);
    }

    /**
     * The dataset with predictions.
     *
     * @param schema of the columns of the table, which the file and the number of the row may follow, for messages
     * @param reports receives a report about each partition, in the task that has read all of its rows
     */
    static Dataset<Row> of(
            Dataset<Row> dataset,
            StructType schema,
            PortableScorer scorer,
            CellRules rules,
            PredictionColumns added,
            Reports reports) {
        int[] kept = added.kept(List.of(schema.fieldNames()));
        byte[] rulesDocument = DriverDocuments.write(rules);
        Broadcast<PortableScorer> broadcast = JavaSparkContext.fromSparkContext(
                        dataset.sparkSession().sparkContext())
                .broadcast(scorer);
        MapPartitionsFunction<Row, Row> predict = rows -> {
            TableScorer shared = broadcast.value().scorer();
            return new PredictedRows(
                    RowCells.features(schema, shared).source(rows, kept),
                    shared,
                    DriverDocuments.read(rulesDocument, CellRules.class),
                    reports::add);
        };
        return dataset.mapPartitions(predict, Encoders.row(schema(schema, scorer.scorer(), added)));
    }
}
