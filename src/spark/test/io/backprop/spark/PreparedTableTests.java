package io.backprop.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.driver.Preparation;
import io.backprop.engine.Examples;
import io.backprop.engine.RowHash;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.ExampleRows;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.TableException;
import io.backprop.tabular.Warnings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreparedTableTests {

    private static final int SHARDS = Preparations.SHARDS;
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

        Map<String, String> whole = Preparations.files(tables, "whole");
        assertThat(whole).hasSize(SHARDS + 2).containsKeys("shard-00000", "validation", "manifest");
        assertThat(Preparations.files(tables, "files")).isEqualTo(whole);
        assertThat(Preparations.files(tables, "parquet")).isEqualTo(whole);
    }

    @Test
    void placesRowsByTheHashesOfTheirExamples() throws IOException {
        TABLE.writeShuffledCsv(tables.resolve("files"), 3, 1);
        PreparedTable table = fit("files", "y");
        Preparation preparation = table.preparation();

        List<Map<RowHash, float[]>> expected = new ArrayList<>();
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

    private static void assertEqual(@Nullable Examples examples, Map<RowHash, float[]> expected) {
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
        PreparedTable table = Preparations.fit(
                spark,
                new TableFolder(tables.toString(), "table"),
                Preparations.options("kind", Map.of()),
                List.of(0.5f, 2f));
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
        FitOptions options = Preparations.options("y", Map.of("b", ColumnType.NUMERIC));
        TableFolder table = new TableFolder(tables.toString(), "table");
        assertThatThrownBy(() -> Preparations.fit(spark, table, options, List.of()))
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
        Map<String, String> files = Preparations.files(tables, "table");
        delete("shard-00003", "shard-00005", "validation", "manifest");
        Files.writeString(work("table").resolve(".shard-00003-17"), "incomplete");

        resume("table", first);
        assertThat(Preparations.files(tables, "table")).isEqualTo(files);
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
        Map<String, String> files = Preparations.files(tables, "table");
        damage("shard-00002");
        delete("shard-00006");
        damage("validation");
        assertThatThrownBy(() -> first.shards().count()).hasStackTraceContaining("DamagedException");

        first.repair();
        assertThat(Preparations.files(tables, "table")).isEqualTo(files);
        assertThat(first.shards().count()).isEqualTo(SHARDS);

        damage("shard-00000");
        resume("table", first);
        assertThat(Preparations.files(tables, "table")).isEqualTo(files);
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
    void namesFileAndLineOfRowsThatHaveBecomeWrong() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        PreparedTable first = fit("table", "y");
        delete("manifest");
        Files.writeString(
                tables.resolve("table/more.csv"), "a,b,city,date,count,y,kind\n1,2,Rom,2024-01-01,3,many,high\n");
        assertThatThrownBy(() -> resume("table", first))
                .isInstanceOf(TableException.class)
                .hasMessageStartingWith("more.csv, line 2: column \"y\" must be a number, but is \"many\"");
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
        PreparedTable.deleteLeftovers(spark, tables.toString(), Preparations.TRAINING::equals);
        assertThat(work("other")).doesNotExist();
        assertThat(unfinished).exists();
        assertThat(tables.resolve("other/table.csv")).exists();
    }

    private PreparedTable fit(String table, String target) throws IOException {
        return Preparations.fit(
                spark, new TableFolder(tables.toString(), table), Preparations.options(target, Map.of()), List.of());
    }

    private PreparedTable resume(String table, PreparedTable first) throws IOException {
        return PreparedTable.resume(
                spark, new TableFolder(tables.toString(), table), Preparations.TRAINING, first.preparation(), 4);
    }

    private Path work(String table) {
        return tables.resolve(table).resolve(ShardFolder.WORK).resolve(Preparations.TRAINING);
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
}
