package io.backprop.spark;

import io.backprop.driver.Preparation;
import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.ValidationShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Prepares tables as for a service that scales no targets. */
final class Preparations {

    static final String TRAINING = "model-1";
    static final int SHARDS = 8;

    private Preparations() {}

    /** A fifth of the rows is for validation. */
    @SuppressWarnings("NullAway") // class files lack the annotations within types of a compact constructor's parameters
    static FitOptions options(String target, Map<String, ColumnType> types) {
        return new FitOptions(
                target,
                null,
                types,
                CellRules.DEFAULT,
                null,
                ScalingMethod.STANDARD,
                null,
                List.of(),
                new ValidationShare(0.2f),
                5);
    }

    static PreparedTable fit(SparkSession spark, TableFolder table, FitOptions options, List<Float> classWeights)
            throws IOException {
        return PreparedTable.fit(spark, table, TRAINING, options, 4, fitted -> prepare(fitted, options, classWeights));
    }

    private static Preparation prepare(FittedTable fitted, FitOptions options, List<Float> classWeights) {
        List<String> classes = fitted.target() instanceof FittedTarget.Classes target ? target.names() : List.of();
        RowEncoding rows = new RowEncoding(
                new Preprocessing.Columns(
                        fitted.features(),
                        options.target(),
                        TargetUnit.NUMBER,
                        Scaling.NONE,
                        options.cells().format()),
                classes,
                1,
                classWeights,
                options.cells(),
                fitted.split());
        return new Preparation(
                TrainingPlan.adam(0.01f).withShards(SHARDS).withSeed(9),
                rows,
                classes.isEmpty() ? TargetKind.NUMBERS : TargetKind.CLASSES,
                false,
                0);
    }

    /** The content of the visible files of a prepared table by their names. */
    static Map<String, String> files(Path tables, String table) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files =
                Files.list(tables.resolve(table).resolve(ShardFolder.WORK).resolve(TRAINING))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!TableFolder.isHidden(name)) {
                    contents.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }
}
