package io.backprop.spark;

import static io.backprop.driver.OutputFormat.CSV;
import static io.backprop.driver.OutputFormat.PARQUET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backprop.TestFolders;
import io.backprop.driver.OutputFormat;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TableScoringTests {

    private static final TestTable TABLE = TestTable.random(3000, 11);
    private static final int COLUMNS = TABLE.columns().size();

    private static SparkSession spark;
    private final Path tables = TestFolders.create();
    private final Path output = tables.resolve("scores");

    @BeforeAll
    static void startSpark() {
        spark = SparkCluster.local(1);
    }

    static Stream<TableScorer> scorers() {
        return BackpropModelTests.scorers();
    }

    private ScoredTable score(TableScorer scorer, CellRules rules, OutputFormat format) throws IOException {
        TableReader table = TableReader.of(spark, new TableFolder(tables.toUri().toString(), "table"));
        Files.createDirectories(tables);
        return new TableScoring(spark, table, new PortableScorer(scorer), rules)
                .write(format, new org.apache.hadoop.fs.Path(output.toUri()));
    }

    private ScoredTable score(TableScorer scorer, OutputFormat format) throws IOException {
        return score(scorer, CellRules.DEFAULT, format);
    }

    private Path table() {
        return tables.resolve("table");
    }

    private List<Path> outputFiles() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> !TableFolder.isHidden(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private List<Row> parquetRows() {
        return spark.read().parquet(output.toUri().toString()).collectAsList();
    }

    @ParameterizedTest
    @MethodSource("scorers")
    void writesCsvLikeTheService(TableScorer scorer) throws IOException {
        TABLE.writeCsv(table());

        ScoredTable scored = score(scorer, CSV);

        assertThat(scored).isEqualTo(new ScoredTable(3000, 1, scored.warnings()));
        assertThat(outputFiles()).containsExactly(output.resolve("part-00000.csv"));
        assertThat(output.resolve("part-00000.csv")).hasContent(Scorers.csv(scorer, TABLE.csv()));
    }

    @ParameterizedTest
    @MethodSource("scorers")
    void writesTheSameToParquet(TableScorer scorer) throws IOException {
        TABLE.writeParquet(spark, table());

        ScoredTable scored = score(scorer, PARQUET);

        assertThat(scored.rows()).isEqualTo(3000);
        List<Row> rows = parquetRows();
        List<String[]> expected = Scorers.predictions(Scorers.csv(scorer, TABLE.csv()), COLUMNS);
        assertThat(rows.get(0).schema().fieldNames()).endsWith(expected.get(0));
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            for (int column = 0; column < COLUMNS; column++) {
                assertThat(row.get(column)).isEqualTo(TABLE.rows().get(i)[column]);
            }
            assertPredictions(row, expected.get(i + 1));
        }
    }

    private static void assertPredictions(Row row, String[] expected) {
        for (int column = 0; column < expected.length; column++) {
            Object value = row.get(COLUMNS + column);
            Object text = value instanceof Float ? Float.valueOf(expected[column]) : expected[column];
            assertThat(value).isEqualTo(text); // compares bits
        }
    }

    @Test
    void writesParquetAsCsv() throws IOException {
        TableScorer scorer = Scorers.classes();
        TABLE.writeParquet(spark, table());

        score(scorer, CSV);

        List<String[]> expected = Scorers.predictions(Scorers.csv(scorer, TABLE.csv()), 0);
        List<String[]> written =
                Scorers.predictions(Files.readString(outputFiles().get(0)), 0);
        assertThat(written).hasSameSizeAs(expected);
        for (int row = 1; row < written.size(); row++) {
            assertThat(List.of(written.get(row)).subList(2, written.get(row).length))
                    .isEqualTo(List.of(expected.get(row)).subList(2, expected.get(row).length));
        }
    }

    @Test
    void writesCsvAsParquetOfText() throws IOException {
        TableScorer scorer = Scorers.binary();
        TABLE.writeShuffledCsv(table(), 3, 5);

        ScoredTable scored = score(scorer, PARQUET);

        assertThat(scored.rows()).isEqualTo(3000);
        for (Row row : parquetRows()) {
            List<String> names = List.of(row.schema().fieldNames()).subList(0, COLUMNS);
            assertThat(names).containsExactlyInAnyOrderElementsOf(TABLE.columns());
            StringBuilder csv = new StringBuilder(String.join(",", names)).append('\n');
            for (int column = 0; column < COLUMNS; column++) {
                csv.append(column > 0 ? "," : "").append(row.isNullAt(column) ? "" : row.getString(column));
            }
            if (row.getString(names.indexOf("count")).endsWith("0")) { // a sample
                assertPredictions(
                        row,
                        Scorers.predictions(Scorers.csv(scorer, csv.append('\n').toString()), COLUMNS)
                                .get(1));
            }
        }
    }

    @Test
    void keepsFilesAndTheOrderOfTheirRows() throws IOException {
        TableScorer scorer = Scorers.regression();
        TABLE.writeShuffledCsv(table(), 7, 3);

        ScoredTable scored = score(scorer, CSV);

        assertThat(scored.files()).isEqualTo(7);
        List<Path> files = outputFiles();
        try (Stream<Path> inputs = Files.list(table())) {
            List<Path> sorted = inputs.sorted().toList();
            for (int i = 0; i < 7; i++) {
                assertThat(files.get(i)).hasContent(Scorers.csv(scorer, Files.readString(sorted.get(i))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesFileAndLineOfWrongCell(OutputFormat format) throws IOException {
        TABLE.writeCsv(table());
        Files.writeString(
                table().resolve("wrong.csv"),
                "a,b,city,date,count,y,kind\n1,2,Rom,2024-01-01,1,1,low\n1,many,Rom,,1,1,low\n");

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> score(Scorers.regression(), format))
                .withMessageStartingWith("wrong.csv, line 3: column \"b\" must be a number, but is \"many\"");
    }

    @ParameterizedTest
    @EnumSource
    void namesFileAndRowOfWrongCellInParquet(OutputFormat format) throws IOException {
        TABLE.writeParquet(spark, tables.resolve("right"));
        spark.read()
                .parquet(tables.resolve("right").toUri().toString())
                .withColumn(
                        "b",
                        functions.expr("if(a = %s, 'many', string(b))"
                                .formatted(TABLE.rows().get(1)[0])))
                .write()
                .parquet(table().toUri().toString());

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> score(Scorers.regression(), format))
                .withMessageMatching("part-.*\\.parquet, line 2: column \"b\" must be a number, but is \"many\".*");
    }

    @Test
    void takesWrongCellsAsMissingIfAllowed() throws IOException {
        Files.createDirectories(table());
        Files.writeString(table().resolve("table.csv"), "a,b,city,date,count\n1,many,Rom,,1\n");

        ScoredTable scored = score(Scorers.regression(), new CellRules(CellFormat.DEFAULT, InvalidCells.MISSING), CSV);

        assertThat(scored.warnings())
                .containsExactly(
                        "column \"b\": 1 cell that is not a number is taken as missing, such as \"many\" in line 2");
    }

    @ParameterizedTest
    @EnumSource
    void replacesColumnsOfPredictions(OutputFormat format) throws IOException {
        Files.createDirectories(table());
        Files.writeString(table().resolve("table.csv"), "prediction,a,b,city,date,count\nx,1,2,Rom,,1\n");

        ScoredTable scored = score(Scorers.regression(), format);

        assertThat(scored.warnings())
                .containsExactly("column \"prediction\" of the rows is left out for the prediction's");
        if (format == PARQUET) {
            assertThat(parquetRows().get(0).schema().fieldNames())
                    .containsExactly("a", "b", "city", "date", "count", "prediction");
        }
    }

    @ParameterizedTest
    @EnumSource
    void rejectsFilesWithOtherColumns(OutputFormat format) throws IOException {
        TABLE.writeCsv(table());
        Files.writeString(table().resolve("zz.csv"), "a,b,city,date,count\n1,2,Rom,,1\n");

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> score(Scorers.regression(), format))
                .withMessage("zz.csv: all files must have the same columns, but this one has [a, b, city, date, count]"
                        + " and table.csv has [a, b, city, date, count, y, kind]");
    }

    @ParameterizedTest
    @EnumSource
    void rejectsTableWithoutRows(OutputFormat format) throws IOException {
        Files.createDirectories(table());
        Files.writeString(table().resolve("table.csv"), "a,b,city,date,count\n");

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> score(Scorers.regression(), format))
                .withMessage("a table must have at least 1 row, but has none");
    }

    @ParameterizedTest
    @EnumSource
    void rejectsTableWithoutColumn(OutputFormat format) throws IOException {
        Files.createDirectories(table());
        Files.writeString(table().resolve("table.csv"), "a,b,date,count\n1,2,,3\n");

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> score(Scorers.regression(), format))
                .withMessageContaining("the model needs column \"city\", but the table has only");
    }
}
