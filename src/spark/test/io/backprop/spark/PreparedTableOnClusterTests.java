package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class PreparedTableOnClusterTests {

    private static final TestTable TABLE = TestTable.random(300, 11);

    private final Path tables = TestFolders.create();
    private final TableFolder table = new TableFolder(tables.toString(), "table");
    private final TableFolder files = new TableFolder(tables.toString(), "files");

    @Test
    void dividesTablesIntoTheSameShardsAsOneMachine() throws IOException {
        TABLE.writeCsv(tables.resolve("table"));
        TABLE.writeShuffledCsv(tables.resolve("files"), 5, 2);
        Preparations.fit(SparkCluster.local(1), table, Preparations.options("y", Map.of()), List.of());
        SparkSession cluster = SparkCluster.executors(2);

        PreparedTable prepared = Preparations.fit(cluster, files, Preparations.options("y", Map.of()), List.of());
        assertThat(Preparations.files(tables, "files")).isEqualTo(Preparations.files(tables, "table"));
        assertThat(prepared.shards().count()).isEqualTo(Preparations.SHARDS);

        Files.delete(tables.resolve("files/.backprop/model-1/manifest"));
        Files.writeString(
                tables.resolve("files/more.csv"), "a,b,city,date,count,y,kind\n1,2,Rom,2024-01-01,3,many,high\n");
        assertThatThrownBy(() -> PreparedTable.resume(cluster, files, Preparations.TRAINING, prepared.preparation(), 4))
                .isInstanceOf(TableException.class)
                .hasMessageStartingWith("more.csv, line 2: column \"y\" must be a number");
    }
}
