package io.backprop.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.driver.Preparation;
import io.backprop.engine.Examples;
import io.backprop.engine.RowHash;
import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.ExampleRows;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.ValidationShare;
import io.backprop.tabular.Warnings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreparedTableTests {

    private static final int SHARDS = 8;
    private static final String TRAINING = "model-1";
    private static final TestTable TABLE = TestTable.random(500, 7);

    private final SparkSession spark = SparkCluster.local(2);
    private final Path tables = TestFolders.create();

    @Test
    void dividesTheSameRowsIntoTheSameShards() throws IOException {
        TABLE.writeCsv(tables.resolve("whole"));
        TABLE.writeShuffledCsv(tables.resolve("files"), 7, 3);
        TABLE.writeParquet(spark, tables.resolve("parquet"));

        fit("whole", "kind");
        fit("files", "kind");
        fit("parquet", "kind");

        Map<String, String> whole = files("whole");
        assertThat(whole).hasSize(SHARDS + 2).containsKeys("shard-00000", "validation", "manifest");
        assertThat(files("files")).isEqualTo(whole);
        assertThat(files("parquet")).isEqualTo(whole);
    }

    @Test
    void placesRowsByTheHashesOfTheirExamples() throws IOException {
        TABLE.writeShuffledCsv(tables.resolve("files"), 3, 1);
        PreparedTable table = fit("files", "y");
        Preparation preparation = table.preparation();

        List<TreeMap<RowHash, float[]>> expected = new ArrayList<>();
        for (int i = 0; i <= SHARDS; i++) {
            expected.add(new TreeMap<>());
        }
        ExampleRows rows = new ExampleRows(preparation.rows(), "", new Warnings(), batch -> {
            Examples examples = batch.examples();
            for (int i = 0; i < examples.size(); i++) {
                float[] inputs = examples.inputs().row(i);
                RowHash hash = RowHash.ofExample(
                        preparation.plan().seed(), inputs, examples.targets().row(i), 1);
                int shard = batch.validation().get(i) ? SHARDS : hash.shard(SHARDS);
                expected.get(shard).put(hash, inputs);
            }
        });
        CsvTables.read(new ByteArrayInputStream(TABLE.csv().getBytes(StandardCharsets.UTF_8)), rows);
        rows.finish();

        List<StoredShard> shards = table.shards().collect();
        assertThat(shards).extracting(StoredShard::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        for (StoredShard shard : shards) {
            assertEqual(shard.examples(), expected.get(shard.index()));
        }
        assertEqual(table.validation(), expected.get(SHARDS));
        assertThat(table.rows() + requireNonNull(table.validation()).size()).isEqualTo(500);
        assertThat(requireNonNull(table.validation()).size()).isBetween(50, 150);
    }

    private static void assertEqual(@Nullable Examples examples, TreeMap<RowHash, float[]> expected) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; examples != null && i < examples.size(); i++) {
            rows.add(examples.inputs().row(i));
        }
        assertThat(rows.toArray(float[][]::new)).isDeepEqualTo(expected.values().toArray(float[][]::new));
    }

    @Test
    void givesEachPartitionAnAlignedRange() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        List<List<Integer>> ranges =
                fit("table", "y").shards().map(StoredShard::index).glom().collect();
        assertThat(ranges).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4, 5), List.of(6, 7));
    }

    @Test
    void keepsWeightsOfClassesForTrainingOnly() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable table = fit("table", "kind", List.of(0.5f, 2f));
        StoredShard shard = table.shards().first();
        Examples examples = requireNonNull(shard.examples());
        for (int i = 0; i < examples.size(); i++) {
            float weight = requireNonNull(examples.weights()).get(i);
            assertThat(weight).isEqualTo(examples.targets().get(i, 0) == 0 ? 0.5f : 2f);
        }
        assertThat(requireNonNull(table.validation()).weights()).isNull();
    }

    @Test
    void namesFileAndLineOfWrongRow() throws IOException {
        TABLE.writeShuffledCsv(tables.resolve("table"), 3, 1);
        Files.writeString(
                tables.resolve("table/wrong.csv"),
                "a,b,city,date,count,y,kind\n1,2,Rom,2024-01-01,3,4,high\n1,two,Rom,2024-01-01,3,4,high\n");
        assertThatThrownBy(() -> fit("table", "y", Map.of("b", ColumnType.NUMERIC)))
                .isInstanceOf(TableException.class)
                .hasMessageStartingWith("wrong.csv, line 3: column \"b\" must be a number, but is \"two\"");
    }

    @Test
    void rejectsMissingTablesAndColumns() throws IOException {
        assertThatThrownBy(() -> fit("table", "y"))
                .isInstanceOf(TableException.class)
                .hasMessageStartingWith("table \"table\": there is no such folder");
        TABLE.writeCsv(tables.resolve("table"));
        assertThatThrownBy(() -> fit("table", "z"))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("\"z\"");
        Files.writeString(tables.resolve("table/other.csv"), "a,b,city,date,count,y\n1,2,Rom,2024-01-01,3,4\n");
        assertThatThrownBy(() -> fit("table", "y"))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("\"kind\"");
    }

    @Test
    void continuesAnInterruptedPreparation() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable first = fit("table", "y");
        Map<String, String> files = files("table");
        delete("shard-00003", "shard-00005", "validation", "manifest");
        Files.writeString(work("table").resolve(".shard-00003-17"), "incomplete");

        resume("table", first);
        assertThat(files("table")).isEqualTo(files);
    }

    @Test
    void usesCompleteShardsWithoutTheTable() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable first = fit("table", "y");
        Files.delete(tables.resolve("table/table.csv"));
        PreparedTable second = resume("table", first);
        assertThat(second.rows()).isEqualTo(first.rows());
        assertThat(second.shards().count()).isEqualTo(SHARDS);
    }

    @Test
    void writesDamagedShardsAgain() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable first = fit("table", "y");
        Map<String, String> files = files("table");
        damage("shard-00002");
        delete("shard-00006");
        damage("validation");
        assertThatThrownBy(() -> first.shards().count()).hasStackTraceContaining("DamagedException");

        first.repair();
        assertThat(files("table")).isEqualTo(files);
        assertThat(first.shards().count()).isEqualTo(SHARDS);

        damage("shard-00000");
        resume("table", first);
        assertThat(files("table")).isEqualTo(files);
    }

    @Test
    void rejectsTablesThatHaveChanged() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable first = fit("table", "y");
        TestTable.random(400, 8).writeCsv(tables.resolve("table"));
        delete("shard-00002");
        assertThatThrownBy(() -> resume("table", first))
                .isInstanceOf(TableException.class)
                .hasMessage("the table has changed while it was used for a training");
    }

    @Test
    void deletesFilesOfTrainingsThatAreOver() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        TABLE.writeCsv(tables.resolve("other"));
        PreparedTable first = fit("table", "y");
        fit("other", "y");
        Path unfinished = Files.createDirectories(tables.resolve("other/.backprop/model-2"));

        first.delete();
        assertThat(tables.resolve("table/.backprop")).doesNotExist();
        PreparedTable.deleteLeftovers(spark, tables.toString(), TRAINING::equals);
        assertThat(work("other")).doesNotExist();
        assertThat(unfinished).exists();
        assertThat(tables.resolve("other/table.csv")).exists();
    }

    private PreparedTable fit(String table, String target) throws IOException {
        return fit(table, target, Map.of(), List.of());
    }

    private PreparedTable fit(String table, String target, List<Float> classWeights) throws IOException {
        return fit(table, target, Map.of(), classWeights);
    }

    private PreparedTable fit(String table, String target, Map<String, ColumnType> types) throws IOException {
        return fit(table, target, types, List.of());
    }

    private PreparedTable fit(String table, String target, Map<String, ColumnType> types, List<Float> classWeights)
            throws IOException {
        FitOptions options = new FitOptions(
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
        return PreparedTable.fit(
                spark,
                new TableFolder(tables.toString(), table),
                TRAINING,
                options,
                4,
                fitted -> prepare(fitted, options, classWeights));
    }

    private PreparedTable resume(String table, PreparedTable first) throws IOException {
        return PreparedTable.resume(spark, new TableFolder(tables.toString(), table), TRAINING, first.preparation(), 4);
    }

    /** What the service answers. */
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

    private Path work(String table) {
        return tables.resolve(table).resolve(ShardFolder.WORK).resolve(TRAINING);
    }

    private void delete(String... files) throws IOException {
        for (String file : files) {
            Files.delete(work("table").resolve(file));
        }
    }

    private void damage(String file) throws IOException {
        Path path = work("table").resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
    }

    /** The content of the visible files of a prepared table by their names. */
    private Map<String, String> files(String table) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(work(table))) {
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
