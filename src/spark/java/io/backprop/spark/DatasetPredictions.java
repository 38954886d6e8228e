package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.Feature;
import io.backprop.tabular.PredictionColumns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Adds columns with predictions to a dataset, whose columns of the same names are left out. */
final class DatasetPredictions {

    private DatasetPredictions() {}

    /** Receives what happened in a part of the dataset, once for each of its rows has been written. */
    interface Reports extends java.io.Serializable {
        void add(PartReport report);
    }

    /**
     * The schema of a dataset with predictions.
     *
     * @throws TableException if a column that the model needs is missing or has an unsuitable type
     */
    static StructType schema(StructType rows, TableScorer scorer, PredictionColumns added) {
        List<String> names = List.of(rows.fieldNames());
        new RowEncoder(scorer.expectedColumns(false), CellRules.DEFAULT, new Warnings(), batch -> {}).begin(names);
        Set<String> features =
                scorer.columns().features().stream().map(Feature::name).collect(Collectors.toSet());
        RowCells.requireCells(rows, features::contains);
        List<StructField> fields = new ArrayList<>(IntStream.of(added.kept(names))
                .mapToObj(column -> rows.fields()[column])
                .toList());
        boolean text = !scorer.classes().isEmpty() || scorer.unit().isDate();
        for (String name : added.names()) {
            boolean first = name.equals(added.names().get(0));
            fields.add(DataTypes.createStructField(
                    name, first && text ? DataTypes.StringType : DataTypes.FloatType, true));
        }
        return DataTypes.createStructType(fields);
    }

    /**
     * The dataset with predictions.
     *
     * @param reports receives a report about each partition; null if none is needed
     */
    static Dataset<Row> of(
            Dataset<Row> dataset,
            PortableScorer scorer,
            CellRules rules,
            PredictionColumns added,
            @Nullable Reports reports) {
        StructType schema = dataset.schema();
        int[] kept = added.kept(List.of(schema.fieldNames()));
        byte[] rulesDocument = DriverDocuments.write(rules);
        Broadcast<PortableScorer> broadcast = JavaSparkContext.fromSparkContext(
                        dataset.sparkSession().sparkContext())
                .broadcast(scorer);
        MapPartitionsFunction<Row, Row> predict =
                rows -> predict(rows, schema, broadcast.value().scorer(), rulesDocument, kept, reports);
        return dataset.mapPartitions(predict, Encoders.row(schema(schema, scorer.scorer(), added)));
    }

    private static Iterator<Row> predict(
            Iterator<Row> rows,
            StructType schema,
            TableScorer scorer,
            byte[] rules,
            int[] kept,
            @Nullable Reports reports) {
        Set<String> numeric = scorer.columns().features().stream()
                .filter(feature -> feature instanceof Feature.Numeric number && !number.dates())
                .map(Feature::name)
                .collect(Collectors.toSet());
        return new PredictedRows(
                rows,
                new RowCells(schema, numeric::contains),
                scorer,
                DriverDocuments.read(rules, CellRules.class),
                kept,
                report -> {
                    if (reports != null) {
                        reports.add(report);
                    }
                });
    }
}
