package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.TestFolders;
import io.backprop.driver.OutputFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.TableScorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.io.NumberOutput;

/** Scoring with executors in other JVMs, one of which is killed. */
class ClusterScoringTests {

    private static final int FILES = 6;
    private static final TestTable TABLE = TestTable.random(6_000, 2);

    private final Path tables = TestFolders.create();
    private final Path output = tables.resolve("scores");

    @ParameterizedTest
    @EnumSource
    void writesEachRowOnceThoughAnExecutorIsKilled(OutputFormat format) throws IOException {
        SparkSession spark = SparkCluster.executors(2);
        TableScorer scorer = Scorers.classes();
        TABLE.writeShuffledCsv(tables.resolve("table"), FILES, 9);
        TableReader table = TableReader.of(spark, new TableFolder(tables.toUri().toString(), "table"));
        TableScoring scoring = new TableScoring(spark, table, new PortableScorer(scorer), CellRules.DEFAULT);
        CompletableFuture<ScoredTable> result = CompletableFuture.supplyAsync(() -> {
            try {
                return scoring.write(format, new org.apache.hadoop.fs.Path(output.toUri()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Await.until(() -> scoring.rows() > 0 || result.isDone());
        SparkCluster.executorProcesses().get(0).destroyForcibly();

        assertThat(result.join())
                .isEqualTo(new ScoredTable(6_000, FILES, result.join().warnings()));
        List<String> written = format == OutputFormat.CSV ? csvLines() : parquetLines(spark);
        List<String> expected =
                Scorers.csv(scorer, TABLE.csv()).lines().skip(1).sorted().toList();
        assertThat(written.stream().sorted().toList()).isEqualTo(expected);
    }

    private List<String> csvLines() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.toString().endsWith(".csv"))
                    .flatMap(file -> lines(file).stream().skip(1))
                    .toList();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> parquetLines(SparkSession spark) {
        return spark.read().parquet(output.toUri().toString()).collectAsList().stream()
                .map(ClusterScoringTests::line)
                .toList();
    }

    private static String line(Row row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            Object value = row.get(column);
            String text = value instanceof Float number ? NumberOutput.toString(number, true) : String.valueOf(value);
            line.append(column > 0 ? "," : "").append(value == null ? "" : text);
        }
        return line.toString();
    }
}
