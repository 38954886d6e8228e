package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.spark.CellReader.Numbers;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTests {

    private static final StructType ALL_TYPES = new StructType()
            .add("float", DataTypes.FloatType)
            .add("double.", DataTypes.DoubleType)
            .add("Long", DataTypes.LongType)
            .add("long", DataTypes.IntegerType)
            .add("short", DataTypes.ShortType)
            .add("byte", DataTypes.ByteType)
            .add("decimal", DataTypes.createDecimalType(10, 2))
            .add("text", DataTypes.StringType)
            .add("boolean", DataTypes.BooleanType)
            .add("date", DataTypes.DateType)
            .add("time", DataTypes.TimestampType)
            .add("local", DataTypes.TimestampNTZType);
    private static final Row ROW = RowFactory.create(
            0.1f,
            1 / 3.0,
            12_345_678_901L,
            -7,
            (short) 300,
            (byte) -1,
            new BigDecimal("12.30"),
            "Köln",
            true,
            Date.valueOf("2024-02-29"),
            Timestamp.from(Instant.parse("2024-02-29T12:00:30.5Z")),
            LocalDateTime.parse("2024-02-29T12:00"));

    private final SparkSession spark = SparkCluster.local(2);
    private final Path tables = TestFolders.create();

    @Test
    void readsEachCsvFileAsAPart() throws IOException {
        write("sales/b.csv", "y,x\n1,2\n");
        write("sales/a.csv", "x,y\n3,4\n5,\n");
        write("sales/_SUCCESS", "");
        write("sales/.part.csv.crc", "?");

        assertThat(read("sales"))
                .containsExactlyInAnyOrder("b.csv [y, x] 2: 1 2", "a.csv [x, y] 2: 3 4", "a.csv [x, y] 3: 5");
    }

    @Test
    void decompressesCsv() throws IOException {
        Path file = tables.resolve("sales/a.csv.gz");
        Files.createDirectories(file.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("x\n\"line\nbreak\"\n7\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read("sales")).containsExactly("a.csv.gz [x] 2: line\nbreak", "a.csv.gz [x] 4: 7");
    }

    @Test
    void namesFileAndLineOfMalformedCsv() throws IOException {
        write("sales/a.csv", "x,y\n1,2\n3\n");
        assertThatThrownBy(() -> read("sales"))
                .rootCause()
                .isInstanceOf(TableException.class)
                .hasMessage("a.csv, line 3: a row must have as many cells as the header, 2, but has 1");
    }

    @Test
    void readsParquetLikeCsv() throws IOException {
        writeParquet("sales", ALL_TYPES, List.of(ROW, RowFactory.create(new Object[12])));

        assertThat(read("sales"))
                .extracting(text -> text.replaceFirst("^part-\\S+parquet ", ""))
                .containsExactly(
                        "[float, double., Long, long, short, byte, decimal, text, boolean, date, time, local] 1:"
                                + " 0.1 0.33333334 12345678901 -7 300 -1 12.30 Köln true 2024-02-29"
                                + " 2024-02-29T12:00:30.500 2024-02-29T12:00",
                        "[float, double., Long, long, short, byte, decimal, text, boolean, date, time, local] 2:");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsRowsOfDatasetsAsInTraining(boolean java8Time) throws IOException {
        writeParquet("sales", ALL_TYPES, List.of(ROW, RowFactory.create(new Object[12])));
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.caseSensitive", "true");
        session.conf().set("spark.sql.datetime.java8API.enabled", java8Time);
        List<Row> rows = session.read()
                .parquet(tables.resolve("sales").toString())
                .select("*", "_metadata.file_name", "_metadata.row_index")
                .collectAsList();
        assertThat(rows.get(0).getAs("time") instanceof Instant).isEqualTo(java8Time);

        Cells cells = new Cells(rows.get(0).getAs("file_name"));
        new RowCells(ALL_TYPES, column -> Numbers.AS_IN_TRAINING)
                .part(rows.iterator())
                .read(cells);

        assertThat(cells.rows).isEqualTo(read("sales"));
    }

    @Test
    void copiesAllDigitsOfRows() {
        assertThat(cells(Numbers.TEXT)).startsWith("0.1 0.3333333333333333 12345678901 -7 300 -1 12.30 Köln");
    }

    @Test
    void readsNumbersOfRowsAsFloats() {
        assertThat(cells(Numbers.FLOATS)).startsWith("0.1 0.33333334 1.23456788E10 -7.0 300.0 -1.0 12.3 Köln");
    }

    private static String cells(Numbers numbers) {
        List<Object> place = List.of("file", 0L);
        Object[] row = Stream.concat(IntStream.range(0, ROW.size()).mapToObj(ROW::get), place.stream())
                .toArray();
        Cells cells = new Cells("file");
        new RowCells(ALL_TYPES, column -> numbers)
                .part(List.of(RowFactory.create(row)).iterator())
                .read(cells);
        return cells.rows.get(0).replaceFirst("^.*?: ", "");
    }

    @Test
    void keepsNumbersBeyondFloat32AsText() throws IOException {
        writeParquet(
                "sales",
                new StructType().add("x", DataTypes.DoubleType),
                List.of(RowFactory.create(1e300), RowFactory.create(Double.NaN)));
        assertThat(read("sales"))
                .extracting(text -> text.replaceFirst("^part-\\S+parquet ", ""))
                .containsExactly("[x] 1: 1.0E300", "[x] 2:");
    }

    @Test
    void numbersTheRowsOfDividedParquetFiles() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            rows.add(RowFactory.create((float) i));
        }
        spark.createDataFrame(rows, new StructType().add("x", DataTypes.FloatType))
                .coalesce(1)
                .write()
                .option("parquet.block.size", 32_768)
                .option("parquet.page.size", 4_096)
                .parquet(tables.resolve("sales").toString());
        spark.sparkContext().conf().set("spark.sql.files.maxPartitionBytes", "50000");
        try {
            List<String> read = read("sales");
            assertThat(read).hasSize(40_000).allSatisfy(row -> {
                String[] parts = row.split(" ", -1);
                assertThat(Float.parseFloat(parts[3]) + 1 + ":").isEqualTo(parts[2].replace(":", ".0:"));
            });
            assertThat(TableReader.of(spark, new TableFolder(tables.toString(), "sales"))
                            .flatMap(part -> {
                                part.read(new Cells(part.source()));
                                return List.of(1).iterator();
                            })
                            .count())
                    .isGreaterThan(1);
        } finally {
            spark.sparkContext().conf().remove("spark.sql.files.maxPartitionBytes");
        }
    }

    @Test
    void rejectsParquetFilesWithOtherColumns() throws IOException {
        writeParquet("sales", new StructType().add("x", DataTypes.FloatType), List.of(RowFactory.create(1f)));
        writeParquet("more", new StructType().add("z", DataTypes.FloatType), List.of(RowFactory.create(1f)));
        Path file;
        try (var files = Files.list(tables.resolve("more"))) {
            file = files.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.copy(file, tables.resolve("sales/zzz.parquet"));
        assertThatThrownBy(() -> read("sales"))
                .isInstanceOf(TableException.class)
                .hasMessageMatching("zzz\\.parquet: all files must have the same columns, but this one has \\[z\\]"
                        + " and part-\\S+ has \\[x\\]");
    }

    @Test
    void rejectsColumnsWithoutScalars() throws IOException {
        DataType numbers = DataTypes.createArrayType(DataTypes.IntegerType);
        writeParquet("sales", new StructType().add("x", numbers), List.of(RowFactory.create(new Object[] {null})));
        assertThatThrownBy(() -> read("sales"))
                .isInstanceOf(TableException.class)
                .hasMessage("column \"x\" must have numbers, text, booleans, dates or timestamps, but has the type"
                        + " array<int>");
    }

    @Test
    void rejectsFoldersThatAreNoTables() throws IOException {
        assertRejects("missing", "there is no such folder in " + tables);
        Files.createDirectories(tables.resolve("empty"));
        assertRejects("empty", "its folder has no files");
        write("mixed/a.csv", "x\n1\n");
        write("mixed/b.parquet", "");
        assertRejects("mixed", "it has both CSV and Parquet files");
        write("other/a.xlsx", "");
        assertRejects("other", "files must end in .csv, .csv.gz or .parquet, but one is a.xlsx");
        write("deep/year=2024/a.csv", "");
        assertRejects("deep", "it has the folder year=2024, but files in folders of a table are not read");
        assertThatThrownBy(() -> new TableFolder(tables.toString(), "../sales"))
                .hasMessageStartingWith("table must be the name of a folder");
    }

    private void assertRejects(String table, String problem) {
        assertThatThrownBy(() -> read(table))
                .isInstanceOf(TableException.class)
                .hasMessage("table \"%s\": %s", table, problem);
    }

    private void write(String file, String text) throws IOException {
        Path path = tables.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void writeParquet(String table, StructType schema, List<Row> rows) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.caseSensitive", "true");
        session.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .parquet(tables.resolve(table).toString());
    }

    private List<String> read(String table) throws IOException {
        return TableReader.of(spark, new TableFolder(tables.toString(), table))
                .flatMap(part -> {
                    Cells cells = new Cells(part.source());
                    part.read(cells);
                    return cells.rows.iterator();
                })
                .collect();
    }

    /** Keeps each row as its file, header, line and cells. */
    private static final class Cells implements RowSink {

        private final String source;
        private final List<String> rows = new ArrayList<>();
        private String header = "";
        private StringBuilder row = new StringBuilder();

        Cells(String source) {
            this.source = source;
        }

        @Override
        public void begin(List<String> columns) {
            header = columns.toString();
        }

        @Override
        public void beginRow(long line, long bytesBefore) {
            row = new StringBuilder(source + " " + header + " " + line + ":");
        }

        @Override
        public void cell(int column, CellKind kind, char[] text, int offset, int length) {
            if (length > 0) {
                row.append(' ').append(text, offset, length);
            }
        }

        @Override
        public void endRow() {
            rows.add(row.toString());
        }
    }
}
